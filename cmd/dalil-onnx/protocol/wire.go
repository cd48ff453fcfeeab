package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// question is the request; fields that it does not name are ignored.
type question struct {
	Input      inputs  `json:"input"`
	Model      string  `json:"model"`
	Encoding   *string `json:"encoding_format"`
	Dimensions *int    `json:"dimensions"`

	width  int
	base64 bool
}

// inputs is a text or a list of texts.
type inputs []string

var errInput = errors.New("input must be a text or a list of texts; lists of token numbers are not taken")

func (in *inputs) UnmarshalJSON(data []byte) error {
	var one string
	if data[0] == '"' {
		err := json.Unmarshal(data, &one)
		*in = inputs{one}
		return err
	}
	var many []*string
	if err := json.Unmarshal(data, &many); err != nil {
		return errInput
	}
	for _, text := range many {
		if text == nil {
			return errInput
		}
		*in = append(*in, *text)
	}
	return nil
}

// read gives the request, or why it is refused.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (question, int, *refusal) {
	var q question
	bad := func(param, format string, args ...any) (question, int, *refusal) {
		return q, http.StatusBadRequest, &refusal{Message: fmt.Sprintf(format, args...), Param: param}
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, h.options.RequestBytes)).Decode(&q)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return q, http.StatusRequestEntityTooLarge, &refusal{Message: fmt.Sprintf("the request is larger than %d bytes: send fewer texts", large.Limit)}
	case errors.Is(err, errInput):
		return bad("input", "%v", err)
	case err != nil:
		return bad("", "the body is not the JSON of a request: %v", err)
	case len(q.Input) == 0:
		return bad("input", "input is missing or empty")
	case len(q.Input) > h.options.Texts:
		return bad("input", "%d texts, more than %d", len(q.Input), h.options.Texts)
	case q.Model == "":
		return bad("model", "model is missing; this server has %q", h.options.Model)
	case q.Model != h.options.Model:
		return q, http.StatusNotFound, &refusal{
			Message: fmt.Sprintf("there is no model %q; this server has %q", clip(q.Model), h.options.Model), Param: "model", Code: "model_not_found",
		}
	}
	q.width = h.encoder.Width()
	if q.Dimensions != nil {
		if *q.Dimensions < 1 || *q.Dimensions > q.width {
			return bad("dimensions", "dimensions is %d, must be 1 to %d", *q.Dimensions, q.width)
		}
		q.width = *q.Dimensions
	}
	if q.Encoding != nil {
		switch *q.Encoding {
		case "float":
		case "base64":
			q.base64 = true
		default:
			return bad("encoding_format", "encoding_format is %q, must be float or base64", clip(*q.Encoding))
		}
	}
	return q, 0, nil
}

func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	n := most
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

type reply struct {
	Object string `json:"object"`
	Data   []row  `json:"data"`
	Model  string `json:"model"`
	Usage  usage  `json:"usage"`
}

type row struct {
	Object    string `json:"object"`
	Index     int    `json:"index"`
	Embedding vector `json:"embedding"`
}

type usage struct {
	Prompt int `json:"prompt_tokens"`
	Total  int `json:"total_tokens"`
}

// vector is a list of numbers, or base64 of float32, little-endian.
type vector struct {
	values []float32
	base64 bool
}

func (v vector) MarshalJSON() ([]byte, error) {
	if v.base64 {
		raw := make([]byte, 0, 4*len(v.values))
		for _, x := range v.values {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
		return json.Marshal(base64.StdEncoding.EncodeToString(raw))
	}
	text := append(make([]byte, 0, 12*len(v.values)), '[')
	for i, x := range v.values {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendFloat(text, float64(x), 'g', -1, 32)
	}
	return append(text, ']'), nil
}

// refusal is the error of OpenAI's shape.
type refusal struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	Param   string `json:"param,omitempty"`
	Code    string `json:"code,omitempty"`
}

func refuse(w http.ResponseWriter, status int, why refusal) {
	if why.Type == "" {
		why.Type = "invalid_request_error"
	}
	answer(w, status, map[string]refusal{"error": why})
}
