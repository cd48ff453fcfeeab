package access

import "strings"

// MaxTokenBytes is the longest token that is accepted. Longer ones are refused before
// anything reads them.
const MaxTokenBytes = 8 << 10

// Token returns the token of a call from the values of its header fields
// "authorization" and "x-api-key". It returns "" if the call has none. Anything but
// one token is a [Refusal]: another scheme than Bearer (RFC 6750, section 2.1), an
// empty or too long token, a field with two values, or two fields that differ.
func Token(authorization, apiKey []string) (string, error) {
	if len(authorization) > 1 || len(apiKey) > 1 {
		return "", Refuse(Malformed, "the call has a credential twice; send one authorization or one x-api-key")
	}
	var token string
	if len(authorization) == 1 {
		scheme, rest, _ := strings.Cut(authorization[0], " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", Refuse(Malformed, `authorization must be "Bearer", a space, and the API key or token`)
		}
		if token = strings.Trim(rest, " "); token == "" {
			return "", Refuse(Malformed, `authorization has no token after "Bearer"`)
		}
	}
	if len(apiKey) == 1 {
		key := strings.Trim(apiKey[0], " ")
		switch {
		case key == "":
			return "", Refuse(Malformed, "x-api-key is empty")
		case token != "" && token != key:
			return "", Refuse(Malformed, "authorization and x-api-key differ; send one of them")
		}
		token = key
	}
	if len(token) > MaxTokenBytes {
		return "", Refuse(Malformed, "the credential is longer than 8 KiB")
	}
	return token, nil
}
