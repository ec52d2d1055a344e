"""The measures: one module each, an async function that takes the sizes and returns rows."""
