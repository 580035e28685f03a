package plan

// Counts are the numbers of tasks by status. Ready counts the tasks that can
// be claimed; Expired is how many of them are in progress under an expired
// lease, up to 1,000. Of the todo tasks, Waiting counts those with open
// dependencies, Deferred those that are deferred until later, and Inactive
// those whose epic or feature is not active.
type Counts struct {
	Todo           int `json:"todo"`
	Ready          int `json:"ready"`
	Expired        int `json:"expired,omitempty"`
	Waiting        int `json:"waiting"`
	Deferred       int `json:"deferred,omitempty"`
	Inactive       int `json:"inactive,omitempty"`
	InProgress     int `json:"in_progress"`
	Blocked        int `json:"blocked"`
	ReadyForReview int `json:"ready_for_review"`
	Completed      int `json:"completed"`
	Archived       int `json:"archived"`
}

// Unready counts the tasks within a filter that are not ready.
type Unready struct {
	Held     int  `json:"held"`               // in progress
	Waiting  int  `json:"waiting"`            // todo, with open dependencies
	Blocked  int  `json:"blocked"`            // blocked
	InReview int  `json:"in_review"`          // ready for review
	Inactive int  `json:"inactive,omitempty"` // todo, under an epic or a feature that is not active, or waits
	Deferred int  `json:"deferred,omitempty"` // todo, and deferred until later
	Until    Date `json:"until,omitempty"`    // when the first deferred task is due to start
	Assigned int  `json:"assigned,omitempty"` // ready, but assigned to others; counted up to 1,000
	Full     int  `json:"full,omitempty"`     // ready, in stages that are at their limit; counted up to 1,000
}
