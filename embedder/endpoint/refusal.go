package endpoint

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// refused returns the error of a reply whose status is not 2xx.
func (c *Client) refused(response *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // best effort: the status already says that it failed
	body = []byte(c.masked(string(body)))
	message, code := complaint(body)
	if message == "" {
		message = plain(string(body))
	}
	text := fmt.Sprintf("%s answered %s: %s", response.Request.URL.Host, response.Status, clip(c.masked(message)))
	kind := kindOfStatus(response.StatusCode)
	if kind == corpus.ErrInvalid && lasting[code] {
		kind = corpus.ErrDenied
	}
	return refusal(kind, text, retryAfter(response.Header))
}

// complained returns the error in a reply with status 200 that contains an error
// object, or nil.
func (c *Client) complained(host string, body []byte) error {
	message, code := complaint([]byte(c.masked(string(body))))
	if message == "" {
		return nil
	}
	kind := corpus.ErrUnavailable
	switch status, err := strconv.Atoi(code); {
	case err == nil && status >= 400 && status < 600:
		kind = kindOfStatus(status)
	case lasting[code]:
		kind = corpus.ErrDenied
	}
	return refusal(kind, fmt.Sprintf("%s answered 200 with an error: %s", host, clip(c.masked(message))), 0)
}

func refusal(kind corpus.Kind, text string, after time.Duration) error {
	if kind == corpus.ErrExhausted {
		return &embedder.LimitedError{RetryAfter: after, Err: corpus.Errorf(kind, "%s", text)}
	}
	return corpus.Errorf(kind, "%s", text)
}

// kindOfStatus returns the kind of a status: the question is the cause, the call
// may succeed later, or an operator must act.
func kindOfStatus(code int) corpus.Kind {
	switch {
	case code == http.StatusTooManyRequests:
		return corpus.ErrExhausted
	case code == http.StatusRequestEntityTooLarge, code == http.StatusBadRequest, code == http.StatusUnprocessableEntity:
		return corpus.ErrInvalid
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		return corpus.ErrUnavailable
	}
	return corpus.ErrDenied
}

// lasting are the codes and types of permanent errors that some providers send with
// status 400 or 200, although no other text would succeed.
var lasting = map[string]bool{
	"invalid_api_key": true, "authentication_error": true, "unauthorized": true, "permission_error": true, "permission_denied": true,
	"model_not_found": true, "API_KEY_INVALID": true, "UNAUTHENTICATED": true, "PERMISSION_DENIED": true,
}

// complaint returns the message and the code of an error object, in the formats of
// OpenAI, vLLM, FastAPI, TEI, Google and Cohere. The message is empty if the body
// is not an error object.
func complaint(body []byte) (message, code string) {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return "", ""
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	object, ok := v.(map[string]any)
	if !ok {
		return "", ""
	}
	for _, key := range []string{"error", "errors", "detail", "message", "msg"} {
		if message = words(object[key]); message != "" {
			inner, _ := object[key].(map[string]any)
			return message, firstText(inner["code"], inner["type"], inner["status"], object["code"], object["error_type"], object["type"])
		}
	}
	return "", ""
}

// words has the texts of an error object.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		for _, key := range []string{"message", "msg", "detail", "error"} {
			if text := words(v[key]); text != "" {
				return text
			}
		}
		if raw, err := json.Marshal(v); err == nil && len(v) > 0 {
			return string(raw)
		}
	case []any:
		var all []string
		for _, one := range v {
			if text := words(one); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, "; ")
	}
	return ""
}

func firstText(values ...any) string {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			return v
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

// shown is how many letters of an endpoint's text an error contains.
const shown = 400

// clip shortens a text of an endpoint to one line.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > shown {
		return string(letters[:shown]) + "…"
	}
	return s
}

var tag = regexp.MustCompile(`<[^<>]*>`)

// plain returns the text of an HTML page, such as a reverse proxy sends.
func plain(s string) string {
	if strings.HasPrefix(strings.TrimSpace(s), "<") {
		return tag.ReplaceAllString(s, " ")
	}
	return s
}

// retryAfter reads both forms of Retry-After (RFC 9110 §10.2.3) and retry-after-ms.
// It returns 0 if there is neither.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return time.Duration(math.Min(ms, 3600e3) * float64(time.Millisecond))
	}
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		return time.Duration(math.Min(seconds, 3600) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(min(time.Until(at), time.Hour), 0)
	}
	return 0
}
