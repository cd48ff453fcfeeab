package local

// TendNow brings the column of profiles up to date, as the background does.
func (s *Store) TendNow() { s.round(s.column.Load()) }
