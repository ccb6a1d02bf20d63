"""What answers each address with a page. Views read; writing goes through actions."""
