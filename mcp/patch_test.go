package mcp_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

type profile struct {
	Name string  `json:"name" minLength:"1"`
	Bio  *string `json:"bio"`
}

type profileChange struct {
	ID     int `path:"id"`
	Change bind.MergePatch[profile]
}

// TestArguments_mergePatch holds that an argument which is absent leaves a member alone, and
// that null removes it.
func TestArguments_mergePatch(t *testing.T) {
	t.Parallel()
	change := func(_ context.Context, in profileChange) (profile, error) {
		return in.Change.Apply(profile{Name: "Ann", Bio: new("joins wood")})
	}
	session := toolsOf(t, tenon.Routes{tenon.Patch("/profiles/{id}", change, tenon.Named("change"))})
	for arguments, want := range map[string]string{
		`{"id":1}`:              `{"name":"Ann","bio":"joins wood"}`,
		`{"id":1,"name":"Bob"}`: `{"name":"Bob","bio":"joins wood"}`,
		`{"id":1,"bio":null}`:   `{"name":"Ann","bio":null}`,
		`{"id":1,"name":null}`:  `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/name","code":"required","detail":"is required"}]}`,
	} {
		assert.JSONEq(t, want, textOf(t, call(t, session, "change", arguments)), arguments)
	}
	assertSchema(t, `["id"]`, listed(t, session)["change"].InputSchema.(map[string]any)["required"]) //nolint:forcetypeassert // fails the test
}
