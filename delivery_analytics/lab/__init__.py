"""The analyst's explorer, and JupyterLab on this machine."""
