package mcp

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
)

// result returns the result of an answer for an agent.
func (s *served) result(a *answer) *mcp.CallToolResult {
	status := fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
	mediaType, _, _ := strings.Cut(strings.ToLower(a.header.Get("Content-Type")), ";")
	mediaType = strings.TrimSpace(mediaType)
	switch {
	case a.status == 0:
		return failed("500 " + http.StatusText(http.StatusInternalServerError))
	case a.isBroken:
		return failed(status + ": the answer broke off")
	case a.status < 200 || a.status >= 300 && !s.answers.isRedirect(a.status):
		return failed(s.failure(a, status, mediaType))
	case a.isLong && mediaType != ndjsonType:
		return failed(fmt.Sprintf("%s: the answer has more than the %d bytes that a tool reads", status, s.maxAnswer))
	case len(a.body) == 0 && mediaType != ndjsonType || a.status >= 300:
		return s.empty(a, status)
	case mediaType == ndjsonType:
		return s.collected(a, status)
	case isJSON(mediaType):
		return s.value(a.body, status)
	case s.answers.isKnown:
		return failed(fmt.Sprintf("%s: the answer is %s and not JSON", status, mediaType))
	}
	return &mcp.CallToolResult{Content: []mcp.Content{contentOf(a, mediaType)}}
}

func failed(words string) *mcp.CallToolResult {
	return &mcp.CallToolResult{IsError: true, Content: textOf(words)}
}

// textOf returns a text content. Invalid UTF-8 is replaced.
func textOf(plain string) []mcp.Content {
	return []mcp.Content{&mcp.TextContent{Text: strings.ToValidUTF8(plain, "\uFFFD")}}
}

// failure returns the text of a failure: a problem as it was sent, or another body
// preceded by its status.
func (s *served) failure(a *answer, status, mediaType string) string {
	body := string(a.body)
	switch {
	case a.isLong || body == "" || !isJSON(mediaType) && !strings.HasPrefix(mediaType, "text/"):
		if location := a.header.Get("Location"); location != "" {
			status += ": " + location
		}
		return status
	case mediaType == "application/problem+json":
		return body
	}
	return status + "\n" + body
}

// empty returns the result of an answer without a body.
func (s *served) empty(a *answer, status string) *mcp.CallToolResult {
	if location := a.header.Get("Location"); location != "" {
		status += ": " + location
	}
	switch {
	case s.answers.isKnown && !s.answers.isWrapped:
		return failed(status + ": the answer has no body")
	case s.answers.isKnown:
		return &mcp.CallToolResult{
			StructuredContent: json.RawMessage(`{"` + wrapped + `":null}`),
			Content:           textOf(status),
		}
	}
	return &mcp.CallToolResult{Content: textOf(status)}
}

// value returns the result of a JSON value. A value that is not an object is wrapped. So
// are all values of a tool whose schema says so.
func (s *served) value(body []byte, status string) *mcp.CallToolResult {
	var value json.RawMessage
	if err := json.Unmarshal(body, &value); err != nil {
		return failed(status + ": the answer is not valid JSON")
	}
	if s.answers.isWrapped || value.Kind() != '{' {
		value = bytes.Join([][]byte{[]byte(`{"` + wrapped + `":`), value, []byte("}")}, nil)
	}
	return structured(value)
}

// structured returns a result that is the same object as JSON and as text.
func structured(object json.RawMessage) *mcp.CallToolResult {
	return &mcp.CallToolResult{StructuredContent: object, Content: textOf(string(object))}
}

// collected returns the result of a stream of lines.
func (s *served) collected(a *answer, status string) *mcp.CallToolResult {
	text := a.body
	if a.isLong {
		text = text[:bytes.LastIndexByte(text, '\n')+1] // the last one is not whole
	}
	items := []json.RawMessage{}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var item json.RawMessage
		if err := json.Unmarshal(line, &item); err != nil {
			return failed(fmt.Sprintf("%s: line %d of the answer is not valid JSON", status, len(items)+1))
		}
		items = append(items, item)
	}
	object, err := json.Marshal(&schema.Ordered[any]{{Name: lines, Value: items}, {Name: truncated, Value: a.isLong}})
	if err != nil {
		return failed(status + ": the answer is not valid JSON")
	}
	if s.answers.isWrapped {
		return s.value(object, status)
	}
	return structured(object)
}

// contentOf returns a body that is not JSON.
func contentOf(a *answer, mediaType string) mcp.Content {
	kind, _, _ := strings.Cut(mediaType, "/")
	switch kind {
	case "text":
		return textOf(string(a.body))[0]
	case "image":
		return &mcp.ImageContent{Data: a.body, MIMEType: mediaType}
	case "audio":
		return &mcp.AudioContent{Data: a.body, MIMEType: mediaType}
	}
	return &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "about:blank", MIMEType: mediaType, Blob: a.body}}
}
