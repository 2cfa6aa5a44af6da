package main

import (
	"cmp"
	"slices"
	"sync"
)

// An Article is what the service keeps and sends.
type Article struct {
	ID int `json:"id"`
	Draft

	// Version is another one after each change.
	Version int `json:"-"`
}

// A Draft is what a client writes. Its tags say what a title is; the same rules
// hold for POST and PUT, and for what a PATCH leads to.
type Draft struct {
	Title string   `json:"title" minLength:"1" maxLength:"80"`
	Body  string   `json:"body"           maxLength:"10000"`
	Tags  []string `json:"tags,omitempty" pattern:"^[a-z]+$" maxItems:"8" uniqueItems:"true"`
}

// A Store keeps articles in memory. It is safe for concurrent use.
type Store struct {
	mu       sync.RWMutex
	articles map[int]Article
	last     int
}

// NewStore returns a store with the given drafts as its articles.
func NewStore(drafts ...Draft) *Store {
	s := &Store{articles: map[int]Article{}}
	for _, d := range drafts {
		s.Add(d)
	}
	return s
}

// List returns the articles that have every one of tags, oldest first, at most
// limit.
func (s *Store) List(limit int, tags []string) []Article {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []Article
	for _, a := range s.articles {
		if !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(a.Tags, tag) }) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b Article) int { return cmp.Compare(a.ID, b.ID) })
	return found[:min(limit, len(found))]
}

// Get returns the article of an id, and whether there is one.
func (s *Store) Get(id int) (Article, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.articles[id]
	return a, ok
}

// Add makes an article of d.
func (s *Store) Add(d Draft) Article {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	a := Article{s.last, d, 1}
	s.articles[a.ID] = a
	return a
}

// Replace puts d in place of an article's text, and reports whether the article is there
// and has the version still. To compare and to write is one step, as with
//
//	UPDATE articles SET ... WHERE id = $1 AND version = $2
func (s *Store) Replace(id, version int, d Draft) (Article, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.articles[id]; !ok || a.Version != version {
		return Article{}, false
	}
	a := Article{id, d, version + 1}
	s.articles[id] = a
	return a, true
}

// Delete removes an article, and reports whether there was one.
func (s *Store) Delete(id int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.articles[id]
	delete(s.articles, id)
	return ok
}

// Last returns the id of the newest article, zero where there is none.
func (s *Store) Last() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	newest := 0
	for id := range s.articles {
		newest = max(newest, id)
	}
	return newest
}
