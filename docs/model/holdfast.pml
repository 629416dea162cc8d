/*
 * Lease, fence and election of a Holdfast cluster on one database, for SPIN. README.md beside this
 * file says what each part stands for and what was left out; check.sh runs every variant.
 *
 * Two nodes share one task. Whatever happens is one step of one of the loops below, and any loop may
 * be the next: SPIN tries every order. Time is a number of ticks that are left. A storm of faults
 * comes first; when it is over, the task must end within PATIENCE ticks.
 */

/* Ticks. A node has lost the lead long before it has lost its session. */
#define LEASE 2
#define TIME_TO_LIVE 3

#define MAX_RUNS 3

#ifndef FAULTS
#define FAULTS 3
#endif
#ifndef PATIENCE
#define PATIENCE TIME_TO_LIVE
#endif

#define NOBODY 255

mtype:process = { running, paused, dead };
mtype:place = { ready, held, ended };
mtype:answer = { none, underway, lost };

typedef Fence {
  byte incarnation;
  byte term
}

/* ---- What the database holds --------------------------------------------------------------- */

/* The one row of the election. Its holder is a session: once that has ended, nobody leads. */
typedef Lead {
  byte incarnation;
  byte term;
  byte holder;
  byte left
}

/* connected: the server's process for its connection is there, for all to see. */
typedef Session {
  bool open;
  bool connected;
  byte left
}

/* The fence of a run is its number. orphaned: the session that claimed it has ended. */
typedef Task {
  mtype:place place;
  byte runs;
  byte holder;
  bit request;
  bool orphaned
}

Lead lead;
Session session[2];
Task task;

/* Which history of the database this is: PostgreSQL calls it a timeline. */
byte incarnation;

/* The last commit, as long as a standby may lack it. */
mtype:commit = { nothing, theGrant, theClaim };
mtype:commit last = nothing;
Lead leadBefore;

/* ---- What a node believes ------------------------------------------------------------------ */

typedef Node {
  mtype:process process;
  bool joined;

  bool leads;
  Fence fence;
  byte deadline;

  mtype:answer election;
  Fence granted;
  byte grantedLeft;

  bool inTransaction;
  Fence locked;

  mtype:answer claim;
  bit request;
  byte claimed;

  byte handles
}

Node node[2];

/* ---- What only the checks know ------------------------------------------------------------- */

byte faults = FAULTS;
byte calmTicks;
byte ends;

#define isCalm (faults == 0)
#define isRunning(n) (node[n].process == running)
#define other(n) (1 - n)

#ifdef BARE_COUNTER
#define isSameFence(a, b) (a.term == b.term)
#define isOfThisHistory(row) true
#else
#define isSameFence(a, b) (a.term == b.term && a.incarnation == b.incarnation)
#define isOfThisHistory(row) (row.incarnation == incarnation)
#endif

/* A plain read, when nobody is kept from changing what was read. */
#ifdef NO_FENCE
#define isLocked false
#else
#define isLocked (node[0].inTransaction || node[1].inTransaction)
#endif

#define isLed (lead.holder != NOBODY && lead.left > 0 && isOfThisHistory(lead))
#define isLedBy(n) (isLed && lead.holder == n)
#define believesToLead(n) (node[n].leads && node[n].deadline > 0)

inline copy(to, from) {
  to.incarnation = from.incarnation;
  to.term = from.term
}

inline clear(pair) {
  pair.incarnation = 0;
  pair.term = 0
}

inline committed(what) {
  last = what;
  if
  :: last == theGrant ->
    copy(leadBefore, lead);
    leadBefore.holder = lead.holder;
    leadBefore.left = lead.left
  :: else ->
    clear(leadBefore);
    leadBefore.holder = 0;
    leadBefore.left = 0
  fi
}

/* ---- Sessions ------------------------------------------------------------------------------ */

inline endSession(n) {
  printf("the session of node %d ends\n", n);
  session[n].open = false;
  session[n].connected = false;
  session[n].left = 0;
  if
  :: lead.holder == n -> lead.holder = NOBODY
  :: else
  fi;
  if
  :: task.place == held && task.holder == n -> task.orphaned = true
  :: else
  fi;
  committed(nothing)
}

/* What it runs is stopped first, and what an earlier claim still brings is not begun. */
inline leave(n) {
  node[n].joined = false;
  node[n].handles = 0;
  node[n].claim = none;
  node[n].claimed = 0
}

proctype Sessions(byte n) {
end:
  do
  :: d_step {
      isRunning(n) && node[n].joined && session[n].open &&
          (session[n].left < TIME_TO_LIVE || !session[n].connected) ->
      printf("node %d beats\n", n);
      session[n].left = TIME_TO_LIVE;
      session[n].connected = true
    }
  :: d_step {
      isRunning(n) && node[n].joined && !session[n].open ->
      printf("node %d hears that its session is over\n", n);
      leave(n)
    }
  :: d_step {
      isRunning(n) && !node[n].joined ->
      printf("node %d begins a session\n", n);
      if
      :: session[n].open -> endSession(n)
      :: else
      fi;
      session[n].open = true;
      session[n].connected = true;
      session[n].left = TIME_TO_LIVE;
      committed(nothing);
      node[n].joined = true
    }
  od
}

/* ---- Election ------------------------------------------------------------------------------ */

inline demote(n) {
  node[n].leads = false;
  clear(node[n].fence);
  node[n].deadline = 0
}

inline hear(n) {
  node[n].election = none;
  clear(node[n].granted);
  node[n].grantedLeft = 0
}

inline take(n) {
  /* Unless others ended its session, whoever led has stopped by its own clock. */
  assert(!(believesToLead(other(n)) && lead.holder == other(n) &&
      isSameFence(node[other(n)].fence, lead) && isOfThisHistory(lead)));
  committed(theGrant);
  lead.incarnation = incarnation;
  lead.term++;
  lead.holder = n;
  lead.left = LEASE
}

proctype Election(byte n) {
end:
  do
  :: d_step {
      /* The contest: a takeover changes the term, so it waits for whoever has locked it. */
      isRunning(n) && node[n].joined && !node[n].leads && node[n].election == none &&
          session[n].open && session[n].left > 0 && (isLedBy(n) || (!isLed && !isLocked)) ->
      if
      :: isLedBy(n) -> lead.left = LEASE
      :: else -> take(n)
      fi;
      printf("node %d is granted term %d of history %d\n", n, lead.term, lead.incarnation);
      node[n].election = underway;
      copy(node[n].granted, lead);
      node[n].grantedLeft = LEASE
    }
  :: d_step {
      isRunning(n) && node[n].election == underway ->
      printf("node %d hears that it leads\n", n);
      node[n].leads = true;
      copy(node[n].fence, node[n].granted);
#ifdef LATE_DEADLINE
      node[n].deadline = LEASE;
#else
      node[n].deadline = node[n].grantedLeft;
#endif
      hear(n);
      assert(!(node[other(n)].leads && isSameFence(node[other(n)].fence, node[n].fence)))
    }
  :: d_step {
      /* The renewal leaves the term alone, so it waits for nobody. */
      isRunning(n) && node[n].leads && 0 < node[n].deadline && node[n].deadline < LEASE ->
      if
      :: isLedBy(n) && isSameFence(lead, node[n].fence) ->
        printf("node %d renews its lead\n", n);
        lead.left = LEASE;
        node[n].deadline = LEASE
      :: else ->
        printf("node %d is refused a renewal\n", n);
        demote(n)
      fi
    }
  :: d_step {
      isRunning(n) && node[n].leads && node[n].deadline == 0 ->
      printf("node %d sees that its lead has run out\n", n);
      demote(n)
    }
  od
}

/* ---- What a leader does -------------------------------------------------------------------- */

inline rollBack(n) {
  node[n].inTransaction = false;
  clear(node[n].locked)
}

inline reclaim() {
  task.holder = NOBODY;
  task.request = 0;
  task.orphaned = false;
  if
  :: task.runs == MAX_RUNS -> task.place = ended; ends++
  :: else -> task.place = ready
  fi;
  assert(ends <= 1);
  committed(nothing)
}

#define isTooOld(n) (session[n].open && session[n].left == 0)
#define hasVanished(n) (session[n].open && !session[n].connected)

proctype Duties(byte n) {
end:
  do
  :: d_step { isRunning(n) && node[n].leads && isTooOld(n) -> endSession(n) }
  :: d_step { isRunning(n) && node[n].leads && isTooOld(other(n)) -> endSession(other(n)) }
  :: d_step {
      /* A leader looks after everybody's process, the others after the leader's. */
      isRunning(n) && node[n].joined && hasVanished(other(n)) &&
          (node[n].leads || lead.holder == other(n)) ->
      endSession(other(n))
    }
  :: d_step {
      isRunning(n) && node[n].leads && !node[n].inTransaction &&
          task.place == held && task.orphaned ->
      if
      :: isSameFence(lead, node[n].fence) && lead.left > 0 ->
        printf("node %d begins a reclaim in term %d\n", n, node[n].fence.term);
        node[n].inTransaction = true;
        copy(node[n].locked, node[n].fence)
      :: else ->
        printf("node %d is refused a reclaim\n", n);
        demote(n)
      fi
    }
  :: d_step {
      isRunning(n) && node[n].inTransaction ->
      printf("node %d commits a reclaim of term %d\n", n, node[n].locked.term);
      assert(isSameFence(lead, node[n].locked));
      rollBack(n);
      if
      :: task.place == held && task.orphaned -> reclaim()
      :: else
      fi
    }
#ifndef NO_IDLE_LIMIT
  :: d_step {
      !isRunning(n) && node[n].inTransaction ->
      printf("the database rolls back the transaction of node %d\n", n);
      rollBack(n)
    }
#endif
  od
}

/* ---- Claims and their runs ----------------------------------------------------------------- */

inline hand(n) {
  task.place = held;
  task.runs++;
  task.holder = n;
  task.request = node[n].request;
  committed(theClaim)
}

#define isOfRequest(n) \
  (task.place == held && task.holder == n && !task.orphaned && task.request == node[n].request)

proctype Claims(byte n) {
end:
  do
  :: d_step {
      isRunning(n) && node[n].joined && node[n].handles == 0 &&
          (node[n].claim == lost || (node[n].claim == none && task.place == ready)) ->
#ifdef NO_REQUEST_ID
      node[n].request = (node[n].claim == lost -> 1 - node[n].request : node[n].request);
#endif
      if
      :: !session[n].open || session[n].left == 0 -> leave(n)
      :: else ->
        if
        :: task.place == ready ->
          hand(n);
          printf("node %d claims run %d\n", n, task.runs);
          node[n].claim = underway;
          node[n].claimed = task.runs
        :: task.place != ready && isOfRequest(n) ->
          printf("node %d asks again for run %d\n", n, task.runs);
          node[n].claim = underway;
          node[n].claimed = task.runs
        :: else -> node[n].claim = none
        fi
      fi
    }
  :: d_step {
      isRunning(n) && node[n].claim == underway ->
      printf("node %d starts run %d\n", n, node[n].claimed);
      node[n].handles = node[n].claimed;
      node[n].claimed = 0;
      node[n].claim = none;
      node[n].request = 1 - node[n].request
    }
  od
}

#ifdef NO_RUN_FENCE
#define isFenceOf(n) true
#else
#define isFenceOf(n) (task.runs == node[n].handles)
#endif

/* The handler returns. When the answer to that is lost, the next try finds the run gone. */
proctype Handler(byte n) {
end:
  do
  :: d_step {
      isRunning(n) && node[n].handles > 0 ->
      printf("node %d completes run %d, the task is at run %d\n", n, node[n].handles, task.runs);
      if
      :: task.place == held && isFenceOf(n) ->
        assert(task.holder == n && task.runs == node[n].handles);
        task.place = ended;
        task.holder = NOBODY;
        task.request = 0;
        task.orphaned = false;
        ends++;
        assert(ends <= 1);
        committed(nothing)
      :: else
      fi;
      node[n].handles = 0
    }
  od
}

/* ---- What goes wrong ----------------------------------------------------------------------- */

inline kill(n) {
  printf("node %d is killed\n", n);
  node[n].process = dead;
  session[n].connected = false;
  rollBack(n);
  demote(n);
  hear(n);
  leave(n)
}

inline promoteStandby() {
  printf("a standby is promoted\n");
  incarnation++;
  rollBack(0);
  rollBack(1);
  if
  :: last == theGrant ->
    printf("it lacks the last grant\n");
    copy(lead, leadBefore);
    lead.holder = leadBefore.holder;
    lead.left = leadBefore.left
  :: last == theClaim ->
    printf("it lacks the last claim\n");
    task.place = ready;
    task.runs--;
    task.holder = NOBODY;
    task.request = 0;
    task.orphaned = false
  :: else
  fi;
  committed(nothing)
}

proctype Faults(byte n) {
end:
  do
  :: d_step { !isCalm && node[n].process != dead -> faults--; kill(n) }
  :: d_step {
      !isCalm && isRunning(n) ->
      printf("node %d is paused\n", n);
      faults--;
      node[n].process = paused
    }
  :: d_step {
      !isCalm && !isRunning(n) ->
      printf("node %d runs again\n", n);
      node[n].process = running
    }
  :: d_step {
      /* The process lives on, but to the others it looks gone. */
      !isCalm && session[n].connected ->
      printf("node %d loses its connection\n", n);
      faults--;
      session[n].connected = false
    }
  :: d_step {
      !isCalm && node[n].election == underway ->
      printf("node %d never hears that it leads\n", n);
      faults--;
      hear(n)
    }
  :: d_step {
      !isCalm && node[n].claim == underway ->
      printf("node %d never hears what it claimed\n", n);
      faults--;
      node[n].claim = lost;
      node[n].claimed = 0
    }
  od
}

/* ---- The clocks ---------------------------------------------------------------------------- */

#define tickDown(ticks) ticks = (ticks > 0 -> ticks - 1 : 0)

inline tick() {
  printf("time passes\n");
  tickDown(lead.left);
  tickDown(session[0].left);
  tickDown(session[1].left);
  tickDown(node[0].deadline);
  tickDown(node[1].deadline);
  tickDown(node[0].grantedLeft);
  tickDown(node[1].grantedLeft);
  /* By now the standby has what was committed. */
  committed(nothing)
}

/* Somebody who runs would be too late after the next tick. */
#define isUrgent(n) (isRunning(n) && \
    (node[n].joined && session[n].left == 1 || node[n].leads && node[n].deadline == 1 || \
    node[n].grantedLeft == 1))

#ifdef LOSE_CLAIM
#define mayLose (last == theGrant || last == theClaim)
#else
#define mayLose (last == theGrant)
#endif

proctype Clock() {
end:
  do
  :: d_step { !isCalm && !isUrgent(0) && !isUrgent(1) -> tick() }
  :: d_step { !isCalm && (isUrgent(0) || isUrgent(1)) -> faults--; tick() }
  :: d_step { !isCalm && incarnation == 0 -> faults--; committed(nothing); promoteStandby() }
  :: d_step { !isCalm && incarnation == 0 && mayLose -> faults--; promoteStandby() }
  :: d_step {
      !isCalm ->
      printf("the storm is over\n");
      faults = 0
    }
  /* After the storm nobody dawdles: time goes on when all that could be done is done. */
  :: atomic {
      isCalm && task.place != ended && timeout ->
      tick();
      calmTicks++;
      assert(calmTicks <= PATIENCE);
      if
      :: !isRunning(0) -> node[0].process = running
      :: !isRunning(1) -> node[1].process = running
      :: isRunning(0) || isRunning(1)
      fi
    }
  od
}

/* Node 0 leads; everything else is reached from there. */
init {
  byte n;
  d_step {
    for (n : 0 .. 1) {
      session[n].open = true;
      session[n].connected = true;
      session[n].left = TIME_TO_LIVE;
      node[n].process = running;
      node[n].joined = true;
      node[n].election = none;
      node[n].claim = none
    }
    lead.term = 1;
    lead.left = LEASE;
    node[0].leads = true;
    node[0].fence.term = 1;
    node[0].deadline = LEASE;
    task.place = ready;
    task.holder = NOBODY
  }
  atomic {
    for (n : 0 .. 1) {
      run Sessions(n);
      run Election(n);
      run Duties(n);
      run Claims(n);
      run Handler(n);
      run Faults(n)
    }
    run Clock();
    n = 0
  }
}
