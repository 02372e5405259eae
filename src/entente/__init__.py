"""Entente: healthcare engagement that two organisations do together."""
