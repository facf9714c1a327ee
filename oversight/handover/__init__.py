"""A term ends: what the post leaves is frozen into a pack that both holders and a witness sign (新官不理旧账)."""
