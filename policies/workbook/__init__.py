"""The register as a spreadsheet, in and out. `sheets` says what it looks like; the rest reads it."""
