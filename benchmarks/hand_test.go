package benchmarks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// The handlers of this file are what one writes on net/http alone: the decoder
// of encoding/json, url.Values, strconv, json.Marshal, and no more checks than
// the answers need.

func jsonByHand(w http.ResponseWriter, status int, media string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
	_, _ = w.Write(data)
}

type handFault struct {
	In     string `json:"in"`
	Name   string `json:"name"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

type handProblem struct {
	Type   string      `json:"type"`
	Title  string      `json:"title"`
	Status int         `json:"status"`
	Detail string      `json:"detail"`
	Errors []handFault `json:"errors,omitempty"`
}

func refuseByHand(w http.ResponseWriter, faults ...handFault) {
	detail := "1 field is invalid"
	if n := len(faults); n > 1 {
		detail = strconv.Itoa(n) + " fields are invalid"
	}
	jsonByHand(w, http.StatusBadRequest, "application/problem+json",
		handProblem{"about:blank", "Bad Request", http.StatusBadRequest, detail, faults})
}

func sixByHand(w http.ResponseWriter, r *http.Request) {
	var faults []handFault
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		faults = append(faults, handFault{"path", "id", "type", "must be an integer"})
	}
	query, limit, full := r.URL.Query(), 20, false
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil {
			faults = append(faults, handFault{"query", "limit", "type", "must be an integer"})
		}
	}
	if text := query.Get("full"); text != "" {
		if full, err = strconv.ParseBool(text); err != nil {
			faults = append(faults, handFault{"query", "full", "type", "must be true or false"})
		}
	}
	token := r.Header.Get("X-Token")
	if token == "" {
		faults = append(faults, handFault{"header", "X-Token", "required", "is required"})
	}
	session, err := r.Cookie("session")
	if err != nil {
		faults = append(faults, handFault{"cookie", "session", "required", "is required"})
	}
	if len(faults) > 0 {
		refuseByHand(w, faults...)
		return
	}
	jsonByHand(w, http.StatusOK, "application/json",
		article{ID: id, Title: token, Body: session.Value, Tags: query["tag"], Draft: full && limit > 0})
}

func decodeByHand(w http.ResponseWriter, r *http.Request, in any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(in); err != nil {
		refuseByHand(w, handFault{"body", "", "syntax", "is not valid"})
		return false
	}
	return true
}

func (d *draft) isValidByHand() bool {
	return d.Title != "" && len(d.Title) <= 80 && len(d.Tags) <= 8 && d.Stars >= 0 && d.Stars <= 5
}

func draftByHand(w http.ResponseWriter, r *http.Request) {
	var in draft
	if !decodeByHand(w, r, &in) {
		return
	}
	if !in.isValidByHand() {
		refuseByHand(w, handFault{"body", "", "invalid", "is not a draft"})
		return
	}
	jsonByHand(w, http.StatusOK, "application/json", in.article())
}

func batchByHand(w http.ResponseWriter, r *http.Request) {
	var in batch
	if !decodeByHand(w, r, &in) {
		return
	}
	for i := range in.Items {
		if !in.Items[i].isValidByHand() {
			refuseByHand(w, handFault{"body", "", "invalid", "has an item that is not a draft"})
			return
		}
	}
	jsonByHand(w, http.StatusOK, "application/json", in.total())
}

func orderByHand(w http.ResponseWriter, r *http.Request) {
	var in order
	if !decodeByHand(w, r, &in) {
		return
	}
	for i := range in.Items {
		if item := &in.Items[i]; len(item.SKU) > 20 || item.Quantity < 1 || item.Price < 0 || len(item.Tags) > 8 {
			refuseByHand(w, handFault{"body", "", "invalid", "has an item that is not one of an order"})
			return
		}
	}
	jsonByHand(w, http.StatusOK, "application/json", in.total())
}

func textByHand(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, text)
}

func listByHand(w http.ResponseWriter, _ *http.Request) {
	jsonByHand(w, http.StatusOK, "application/json", hundred)
}

func deleteByHand(w http.ResponseWriter, r *http.Request) {
	if _, err := strconv.Atoi(r.PathValue("id")); err != nil {
		refuseByHand(w, handFault{"path", "id", "type", "must be an integer"})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func formByHand(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		refuseByHand(w, handFault{"form", "", "syntax", "is not valid"})
		return
	}
	in, err := handFields(r)
	if err != nil {
		refuseByHand(w, handFault{"form", "", "invalid", "is not valid"})
		return
	}
	jsonByHand(w, http.StatusOK, "application/json", in)
}
