package engine

// Look makes the engine take in other travel times at once, and look again at
// all calls that wait. Without it they are taken in by whatever is asked next,
// and calls wait up to a minute. The error is ErrBusy or ErrUnavailable.
func (e *Engine) Look() error {
	return e.submit(e.patient, func(w *writer) error {
		if w.fresh.all = true; w.concerned() {
			return w.advise()
		}
		return nil
	})
}
