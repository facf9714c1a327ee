"""What a new installation begins with; everything here can be edited afterwards."""
