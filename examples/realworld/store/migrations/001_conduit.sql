CREATE TABLE users (
	id       IDENTITY,
	username TEXT NOT NULL UNIQUE,
	email    TEXT NOT NULL UNIQUE,
	password TEXT NOT NULL,
	bio      TEXT,
	image    TEXT
);

CREATE TABLE follows (
	follower_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
	followed_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
	PRIMARY KEY (follower_id, followed_id)
);

CREATE TABLE articles (
	id          IDENTITY,
	author_id   BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
	slug        TEXT NOT NULL UNIQUE,
	title       TEXT NOT NULL,
	description TEXT NOT NULL,
	body        TEXT NOT NULL,
	created_at  BIGINT NOT NULL,
	updated_at  BIGINT NOT NULL
);
CREATE INDEX articles_author ON articles (author_id, id);

CREATE TABLE tags (
	article_id BIGINT NOT NULL REFERENCES articles ON DELETE CASCADE,
	tag        TEXT NOT NULL,
	PRIMARY KEY (article_id, tag)
);
CREATE INDEX tags_tag ON tags (tag, article_id);

CREATE TABLE favorites (
	article_id BIGINT NOT NULL REFERENCES articles ON DELETE CASCADE,
	user_id    BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
	PRIMARY KEY (article_id, user_id)
);
CREATE INDEX favorites_user ON favorites (user_id, article_id);

CREATE TABLE comments (
	id         IDENTITY,
	article_id BIGINT NOT NULL REFERENCES articles ON DELETE CASCADE,
	author_id  BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
	body       TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX comments_article ON comments (article_id, id);
