// Package mcp offers routes as tools.
package mcp
