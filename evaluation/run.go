package evaluation

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
)

// Run has the results of one measurement: nDCG@10 by set and question. It contains no texts.
type Run map[string]map[string]float64

// LoadRun reads a file that Save wrote.
func LoadRun(path string) (Run, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var run Run
	if err := json.Unmarshal(data, &run); err != nil {
		return nil, fmt.Errorf("%s: is not a saved run: %w", path, err)
	}
	return run, nil
}

// Save writes the run, each figure to four digits.
func (r Run) Save(path string) error {
	for _, questions := range r {
		for id, score := range questions {
			questions[id] = math.Round(score*1e4) / 1e4
		}
	}
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
