//go:build tenon_engine

package decode

// alwaysEngine says that every plan reads by the engine: the build tag tenon_engine.
const alwaysEngine = true
