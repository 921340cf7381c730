// Package ext stands in for the types that commercial builds of Traefik add to its dynamic options.
package ext

// HTTP adds nothing.
type HTTP struct{}

// Router adds nothing.
type Router struct{}
