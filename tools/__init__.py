"""What the repository is made with: its lock, its list of licences, its bill of materials. No part of the package."""
