//! Commands on their way to the trainer, and whether one of them gives up what is being built.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crossbeam_channel::{
    Receiver, RecvError, RecvTimeoutError, Sender, TryRecvError, TrySendError, bounded,
};

use crate::give_up::Question;
use crate::session::command::Command;

/// The window's end.
pub struct Wishes {
    commands: Sender<Command>,
    giving_up: Arc<AtomicUsize>,
}

/// The trainer's end.
pub struct Inbox {
    commands: Receiver<Command>,
    /// Commands under way that give up what is being built.
    giving_up: Arc<AtomicUsize>,
}

/// Both ends, with room for so many commands.
pub fn channel(room: usize) -> (Wishes, Inbox) {
    let (sender, receiver) = bounded(room);
    let giving_up = Arc::new(AtomicUsize::new(0));
    let wishes = Wishes { commands: sender, giving_up: giving_up.clone() };
    (wishes, Inbox { commands: receiver, giving_up })
}

impl Wishes {
    /// Hands a command over without waiting.
    ///
    /// # Errors
    /// There is no room, or the trainer is gone.
    pub fn try_send(&self, command: Command) -> Result<(), TrySendError<Command>> {
        let gives_up = command.gives_up();
        // Counted before it can be taken, so that the count is never below what is under way.
        if gives_up {
            self.giving_up.fetch_add(1, Ordering::AcqRel);
        }
        let sent = self.commands.try_send(command);
        if gives_up && sent.is_err() {
            self.giving_up.fetch_sub(1, Ordering::AcqRel);
        }
        sent
    }
}

impl Inbox {
    /// Whether a command is under way that gives up what is being built.
    pub fn question(&self) -> Question {
        let giving_up = self.giving_up.clone();
        Question::new(move || giving_up.load(Ordering::Acquire) > 0)
    }

    /// The next command, however long it takes.
    ///
    /// # Errors
    /// The window is gone.
    pub fn recv(&self) -> Result<Command, RecvError> {
        self.commands.recv().inspect(|command| self.taken(command))
    }

    /// The next command, if it is there.
    ///
    /// # Errors
    /// It is not, or the window is gone.
    pub fn try_recv(&self) -> Result<Command, TryRecvError> {
        self.commands.try_recv().inspect(|command| self.taken(command))
    }

    /// The next command until a moment.
    ///
    /// # Errors
    /// None came, or the window is gone.
    pub fn recv_deadline(&self, until: Instant) -> Result<Command, RecvTimeoutError> {
        self.commands.recv_deadline(until).inspect(|command| self.taken(command))
    }

    fn taken(&self, command: &Command) {
        if command.gives_up() {
            self.giving_up.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_give_up_are_asked_about_until_the_last_is_taken() {
        let (wishes, inbox) = channel(3);
        let question = inbox.question();
        wishes.try_send(Command::Play).unwrap();
        assert!(!question.is_answered_yes());
        wishes.try_send(Command::Cancel).unwrap();
        wishes.try_send(Command::Shutdown).unwrap();
        assert!(wishes.try_send(Command::Cancel).is_err(), "there is room for three");
        assert!(question.is_answered_yes());
        let taken = [inbox.recv().unwrap(), inbox.try_recv().unwrap()];
        assert_eq!(taken, [Command::Play, Command::Cancel]);
        assert!(question.is_answered_yes());
        assert_eq!(inbox.recv_deadline(Instant::now()), Ok(Command::Shutdown));
        assert!(!question.is_answered_yes());
    }
}
