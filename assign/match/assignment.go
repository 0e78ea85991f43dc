package match

import (
	"fmt"
	"slices"
)

// Assignment is the answer of Dense, with the prices that prove it.
type Assignment struct {
	table  Table
	total  Cost
	u, v   []int64 // prices of rows and columns, flat
	column []int32 // of rows
	row    []int32 // of columns
}

// Column is the column that the row has, -1 if it has none.
func (a *Assignment) Column(row int) int { return int(a.column[row]) }

// Row is the row that has the column, -1 if it is free.
func (a *Assignment) Row(column int) int { return int(a.row[column]) }

// Total is the sum of what the rows pay: for their columns, or for None.
func (a *Assignment) Total() Cost { return slices.Clone(a.total) }

// Price is what one more column like this one would change the total by: 0 or
// less.
func (a *Assignment) Price(column int) Cost { return slices.Clone(a.at(a.v, int32(column))) }

// RowPrice is what the total would be less without the row.
func (a *Assignment) RowPrice(row int) Cost { return slices.Clone(a.at(a.u, int32(row))) }

func (a *Assignment) at(list []int64, k int32) Cost {
	levels := a.table.Levels
	return list[int(k)*levels:][:levels:levels]
}

// Verify proves the optimum as Matching.Verify does, from the table. O(rows *
// columns).
func (a *Assignment) Verify() error {
	levels := a.table.Levels
	zero := zeros[:levels]
	primal, dual := make(Cost, levels), make(Cost, levels)
	for i := range int32(a.table.Rows) {
		u, price, j := a.at(a.u, i), a.table.none(i), a.column[i]
		if price != nil && Compare(u, price) > 0 {
			return fmt.Errorf("row %d: its price %d is above its None %d", i, u, price)
		}
		costs := a.table.costs(i)
		for j := range int32(a.table.Columns) {
			if c := a.at(costs, j); c[0] != Forbidden && compareSum(c, zero, u, a.at(a.v, j)) < 0 {
				return fmt.Errorf("row %d: column %d costs %d, below the prices %d and %d", i, j, c, u, a.at(a.v, j))
			}
		}
		paid := price
		if j != none {
			paid = a.at(costs, j)
		}
		if paid == nil || paid[0] == Forbidden || j != none && a.row[j] != i {
			return fmt.Errorf("row %d: it has column %d and may not", i, j)
		}
		primal.add(paid)
		dual.add(u)
	}
	for j, i := range a.row {
		v := a.at(a.v, int32(j))
		if Compare(v, zero) > 0 || i == none && !v.zero() {
			return fmt.Errorf("column %d: row %d has it at the price %d", j, i, v)
		}
		dual.add(v)
	}
	if Compare(primal, dual) != 0 || Compare(primal, a.total) != 0 {
		return fmt.Errorf("the rows pay %d, the prices add up to %d, the total is %d", primal, dual, a.total)
	}
	return nil
}
