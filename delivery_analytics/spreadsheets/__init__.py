"""Any file that was sent → grids of cells that know their address; hostile ones are refused."""
