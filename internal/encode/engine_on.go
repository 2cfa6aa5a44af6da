//go:build tenon_engine

package encode

// alwaysEngine says that the engine writes every value: the build tag tenon_engine.
const alwaysEngine = true
