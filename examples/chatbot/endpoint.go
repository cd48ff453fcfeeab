package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// endpoint is an endpoint with OpenAI's chat API.
type endpoint struct{ url, key, model string }

// message is one message of a conversation.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 4 << 20

// complete returns the model's answer to a system message and a user's message.
func (e endpoint) complete(ctx context.Context, system, user string) (string, error) {
	body, err := json.Marshal(map[string]any{
		"model": e.model, "temperature": 0, "messages": []message{{"system", system}, {"user", user}},
	})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.url, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return "", fmt.Errorf("read the answer of %s: %w", e.url, err)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered %s: %.300s", e.url, response.Status, data)
	}
	var answer struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return "", fmt.Errorf("the answer of %s is not one of the chat API: %w", e.url, err)
	}
	if len(answer.Choices) == 0 || answer.Choices[0].Message.Content == "" {
		return "", fmt.Errorf("the answer of %s is empty", e.url)
	}
	return answer.Choices[0].Message.Content, nil
}
