package mcp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
)

// cost returns the tokens of an answer whose text is the JSON of its structured content, as both travel.
func (t *tools) cost(answer any) (int, error) {
	data, err := encode(answer)
	return 2 * t.count(string(data)), err
}

// largest returns the greatest n up to most for which the answer that build makes of n parts costs at most budget
// tokens. Cost must not fall when n grows. The error says that not even n = 0 fits.
func (t *tools) largest(budget, most int, build func(n int) any) (int, error) {
	var failed error
	fits := func(n int) bool {
		cost, err := t.cost(build(n))
		if err != nil {
			failed = err
		}
		return err == nil && cost <= budget
	}
	n := sort.Search(most+1, func(n int) bool { return !fits(n) }) - 1
	switch {
	case failed != nil:
		return 0, failed
	case n < 0:
		return 0, tooSmall(budget)
	}
	return n, nil
}

// tooSmall refuses a budget that holds no part of the answer.
func tooSmall(budget int) error {
	return fmt.Errorf("max_tokens: %d is too small for this answer; call the tool again with a larger number, up to %d", budget, MaxTokens)
}

// encode writes JSON in which < > & stand as they are: escapes would cost tokens.
func encode(answer any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(answer)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
