"""The only code that writes to the register: one module a noun, one function a verb."""
