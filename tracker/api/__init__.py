"""REST for machines. It reads what the pages read, through the same permissions and filters, and writes nothing."""
