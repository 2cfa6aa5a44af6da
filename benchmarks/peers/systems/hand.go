package systems

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

func handService(files string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", handGet)
	mux.HandleFunc("POST /articles", func(w http.ResponseWriter, r *http.Request) {
		var in Draft
		if handDecode(w, r, &in) && handValid(w, in.valid()) {
			handJSON(w, in.article())
		}
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var in Order
		if !handDecode(w, r, &in) {
			return
		}
		for i := range in.Items {
			if !handValid(w, in.Items[i].valid()) {
				return
			}
		}
		handJSON(w, in.sum())
	})
	mux.HandleFunc("POST /forms", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if err := r.ParseForm(); err != nil {
			http.Error(w, "bad form", http.StatusBadRequest)
			return
		}
		stars, errStars := strconv.Atoi(r.PostForm.Get("stars"))
		draft, errDraft := strconv.ParseBool(r.PostForm.Get("draft"))
		title, body := r.PostForm.Get("title"), r.PostForm.Get("body")
		if handValid(w, errStars == nil && errDraft == nil && title != "" && body != "") {
			handJSON(w, Article{ID: stars, Title: title, Body: body, Tags: r.PostForm["tag"], Draft: draft})
		}
	})
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, robots)
	})
	mux.HandleFunc("GET /articles", func(w http.ResponseWriter, _ *http.Request) { handJSON(w, articles) })
	mux.HandleFunc("DELETE /articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		if _, err := strconv.Atoi(r.PathValue("id")); handValid(w, err == nil) {
			w.WriteHeader(http.StatusNoContent)
		}
	})
	mux.HandleFunc("GET /greeting", func(w http.ResponseWriter, _ *http.Request) { handJSON(w, greeting) })
	mux.HandleFunc("GET /shelves/{id}", handShelf)
	mux.HandleFunc("GET /lines", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		flushed(w)
	})
	if files != "" {
		mux.Handle("GET /files/", http.StripPrefix("/files/", http.FileServer(http.Dir(files))))
	}
	return mux
}

// flushed writes the stream as the documentation of net/http shows: each line is
// flushed.
func flushed(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	for _, line := range allLines {
		if _, err := io.WriteString(w, line); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
	}
}

func handShelf(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	id, errID := strconv.Atoi(r.PathValue("id"))
	page, errPage := strconv.Atoi(query.Get("page"))
	full, errFull := strconv.ParseBool(query.Get("full"))
	if handValid(w, errID == nil && errPage == nil && errFull == nil) {
		handJSON(w, Shelf{id, page, full})
	}
}

type handFault struct {
	In     string `json:"in"`
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

func handGet(w http.ResponseWriter, r *http.Request) {
	var faults []handFault
	query, limit, full := r.URL.Query(), 20, false
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		faults = append(faults, handFault{"path", "id", "must be an integer"})
	}
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil {
			faults = append(faults, handFault{"query", "limit", "must be an integer"})
		}
	}
	if text := query.Get("full"); text != "" {
		if full, err = strconv.ParseBool(text); err != nil {
			faults = append(faults, handFault{"query", "full", "must be true or false"})
		}
	}
	token := r.Header.Get("X-Token")
	if token == "" {
		faults = append(faults, handFault{"header", "X-Token", "is required"})
	}
	session, err := r.Cookie("session")
	if err != nil {
		faults = append(faults, handFault{"cookie", "session", "is required"})
	}
	if len(faults) > 0 {
		handProblem(w, faults)
		return
	}
	handJSON(w, Article{ID: id, Title: token, Body: session.Value, Tags: query["tag"], Draft: full && limit > 0})
}

func handProblem(w http.ResponseWriter, faults []handFault) {
	data, err := json.Marshal(map[string]any{
		"type": "about:blank", "title": "Bad Request", "status": http.StatusBadRequest,
		"detail": strconv.Itoa(len(faults)) + " fields are invalid", "errors": faults,
	})
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(data)
}

// handDecode decodes as the standard library's documentation shows.
func handDecode(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit)).Decode(v); err != nil {
		http.Error(w, "bad body", http.StatusBadRequest)
		return false
	}
	return true
}

func handValid(w http.ResponseWriter, ok bool) bool {
	if !ok {
		http.Error(w, "bad request", http.StatusBadRequest)
	}
	return ok
}

func handJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
}
