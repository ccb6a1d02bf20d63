"""One finding a file: a function of a portfolio that returns a Finding. Reports put them together."""
