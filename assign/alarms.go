package assign

import (
	"cmp"
	"container/heap"
)

// alarms is a heap of the instants at which running clocks use up their next
// share, and calls are promoted: one entry a running clock, none for a stopped
// one. Setting, dropping and taking cost O(log n).
type alarms struct {
	heap []alarm
	at   map[alarmKey]int // place in heap
}

type alarmKey struct {
	call  string
	clock ClockName
}

// promotionAlarm stands for no clock: the call is promoted.
const promotionAlarm ClockName = "promotion"

type alarm struct {
	alarmKey
	due Instant
}

func (a *alarms) set(k alarmKey, due Instant) {
	if i, ok := a.at[k]; ok {
		a.heap[i].due = due
		heap.Fix(a, i)
		return
	}
	heap.Push(a, alarm{k, due})
}

func (a *alarms) drop(k alarmKey) {
	if i, ok := a.at[k]; ok {
		heap.Remove(a, i)
	}
}

// The rest is heap.Interface. Alarms of one instant go off by call, then
// answer before close.

func (a *alarms) Len() int { return len(a.heap) }

func (a *alarms) Less(i, j int) bool {
	x, y := a.heap[i], a.heap[j]
	return cmp.Or(cmp.Compare(x.due, y.due), cmp.Compare(x.call, y.call), cmp.Compare(x.clock, y.clock)) < 0
}

func (a *alarms) Swap(i, j int) {
	a.heap[i], a.heap[j] = a.heap[j], a.heap[i]
	a.at[a.heap[i].alarmKey], a.at[a.heap[j].alarmKey] = i, j
}

func (a *alarms) Push(x any) {
	a.at[x.(alarm).alarmKey] = len(a.heap)
	a.heap = append(a.heap, x.(alarm))
}

func (a *alarms) Pop() any {
	last := a.heap[len(a.heap)-1]
	a.heap = a.heap[:len(a.heap)-1]
	delete(a.at, last.alarmKey)
	return last
}
