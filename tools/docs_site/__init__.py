"""The documentation as a site: `python -m docs_site`."""
