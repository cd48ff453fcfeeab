package parser

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"dalil/corpus"
)

// metadata reads what a page says of itself: schema.org JSON-LD first, then
// OpenGraph and the common meta names, then <title> and the lang attribute.
func metadata(page *html.Node) corpus.Document {
	var d corpus.Document
	m := map[string]string{}
	var title, canonical string
	var tags []string
	walk(page, func(n *html.Node) {
		switch n.Data {
		case "html":
			fill(&d.Language, attribute(n, "lang"))
		case "title":
			fill(&title, content(n))
		case "link":
			if strings.EqualFold(attribute(n, "rel"), "canonical") {
				fill(&canonical, attribute(n, "href"))
			}
		case "meta":
			name := strings.ToLower(attribute(n, "property"))
			fill(&name, strings.ToLower(attribute(n, "name")))
			value := strings.TrimSpace(attribute(n, "content"))
			if _, twice := m[name]; !twice && name != "" && value != "" {
				m[name] = value
			}
			if name == "article:tag" && value != "" && len(tags) < maxTags {
				tags = append(tags, value)
			}
		case "script":
			if strings.EqualFold(attribute(n, "type"), "application/ld+json") {
				linkedData(content(n), &d)
			}
		}
	})
	for _, s := range []string{m["og:title"], m["twitter:title"], m["dc.title"], title} {
		fill(&d.Title, s)
	}
	for _, s := range []string{m["author"], m["dc.creator"], m["article:author"], m["parsely-author"]} {
		if !strings.Contains(s, "://") {
			fill(&d.Author, s)
		}
	}
	for _, s := range []string{m["article:published_time"], m["og:published_time"], m["date"], m["dc.date"], m["dcterms.created"], m["parsely-pub-date"], m["pubdate"]} {
		if d.PublishedAt.IsZero() {
			d.PublishedAt = date(s)
		}
	}
	for _, s := range []string{canonical, m["og:url"]} {
		if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			fill(&d.URL, u.String())
		}
	}
	fill(&d.Language, m["og:locale"])
	d.Tags = tags
	return d
}

const maxTags = 64

func walk(n *html.Node, visit func(*html.Node)) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode {
			visit(c)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// articleTypes are schema.org's kinds of article.
var articleTypes = []string{"article", "newsarticle", "reportagenewsarticle", "blogposting", "analysisnewsarticle", "opinionnewsarticle", "techarticle", "webpage"}

// linkedData reads the first article of a JSON-LD script; malformed ones are
// common and passed over.
func linkedData(script string, d *corpus.Document) {
	var root any
	if json.Unmarshal([]byte(script), &root) != nil {
		return
	}
	item := findArticle(root, 0)
	if item == nil {
		return
	}
	fill(&d.Title, stringOf(item["headline"]))
	fill(&d.Author, names(item["author"]))
	fill(&d.Language, stringOf(item["inLanguage"]))
	if d.PublishedAt.IsZero() {
		d.PublishedAt = date(stringOf(item["datePublished"]))
	}
}

func findArticle(v any, depth int) map[string]any {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if found := findArticle(x, depth+1); found != nil {
				return found
			}
		}
	case map[string]any:
		kind := strings.ToLower(names(v["@type"]))
		for _, t := range articleTypes {
			if kind == t && v["headline"] != nil {
				return v
			}
		}
		return findArticle(v["@graph"], depth+1)
	}
	return nil
}

func stringOf(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

// names reads a name in any of the shapes that schema.org allows.
func names(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case map[string]any:
		return stringOf(v["name"])
	case []any:
		var all []string
		for _, x := range v {
			if s := names(x); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// layouts are the dates that pages write.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05",
	"2006-01-02 15:04", "2006-01-02", "2006/01/02", time.RFC1123Z, time.RFC1123, "January 2, 2006", "2 January 2006",
}

// date reads a date; the zero time where it can't. Without a zone it is UTC.
func date(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
