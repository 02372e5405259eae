"""Values and calculations of the room: campaign states, back-schedules, who pays what."""
