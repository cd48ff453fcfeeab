package gateway

import (
	"embed"
	"net/http"
	"regexp"

	"dalil/proto/openapi"
)

// page is the documentation that a browser shows. It loads nothing from elsewhere.
//
//go:embed page
var page embed.FS

// pagePolicy lets the page load its own files and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// descriptions are the addresses that describe the API.
var descriptions = []door{
	{http.MethodGet, "/", regexp.MustCompile(`^/$`), "", func(_ *gateway, a *answer, r *http.Request) { http.Redirect(a, r, "/docs", http.StatusFound) }, nil},
	{http.MethodGet, "/openapi.json", regexp.MustCompile(`^/openapi\.json$`), "", func(_ *gateway, a *answer, _ *http.Request) {
		a.Header().Set("Content-Type", jsonType)
		a.Write(openapi.Document())
	}, nil},
	{http.MethodGet, "/docs", regexp.MustCompile(`^/docs/?$`), "", static("docs.html", "text/html; charset=utf-8"), nil},
	{http.MethodGet, "/docs.js", regexp.MustCompile(`^/docs\.js$`), "", static("docs.js", "text/javascript; charset=utf-8"), nil},
	{http.MethodGet, "/docs.css", regexp.MustCompile(`^/docs\.css$`), "", static("docs.css", "text/css; charset=utf-8"), nil},
}

// static answers with a file of the page.
func static(name, contentType string) func(*gateway, *answer, *http.Request) {
	return func(_ *gateway, a *answer, _ *http.Request) {
		data, err := page.ReadFile("page/" + name)
		if err != nil {
			a.refuse(errNoAddress)
			return
		}
		a.Header().Set("Content-Type", contentType)
		a.Header().Set("Content-Security-Policy", pagePolicy)
		a.Write(data)
	}
}
