"""What the phone page's scripts say, in the reader's language; %(name)s are filled in on the phone."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    return {
        # Where the line stands.
        "asking": _("Looking for a line …"),
        "online": _("Connected. Everything that could be sent is sent."),
        "some_left": _("The line is weak: not everything is sent yet. It goes on by itself."),
        "offline": _("No line. What you enter is kept on this phone and sent later."),
        "signed_out": _("Your sign-in has ended. What is on this phone is kept; sign in to send it."),
        "nobody": _("Sign in once while there is a line; then this page works without one."),
        "trouble": _("Something does not work on this phone: %(why)s. Nothing was deleted."),
        "not_now": _("That needs a line. Try again when there is one."),
        # What is being entered.
        "saved": _("Saved on this phone: %(village)s, photos: %(count)s. It was read back and compared."),
        "photo_kept": _("%(name)s is kept on this phone."),
        "not_read_back": _("This could not be read back as it was stored. It is still on the page: save it once more."),
        "not_stored": _("This could not be stored: %(why)s. It is still on the page."),
        "full": _(
            "This phone has no more room for this page. Nothing is lost: what was saved stays, your words stand below. "
            "Send what waits, wipe what was sent, or save without this photo."
        ),
        "village_missing": _("Choose the village from the list."),
        "words_missing": _("Say in a few words what you found."),
        "finish_first": _("Save or empty what stands in the form first."),
        "draft_back": _("What you had entered is here again."),
        "pending_lost": _(
            "The page was closed while the camera was open (%(at)s). Your words are here; take the photo again or choose it."
        ),
        "too_many": _("An entry takes up to %(most)s photos."),
        "add": _("Add to it"),
        "adding_to": _("Addition to %(number)s: words and photos."),
        "odd_place": _(
            "The phone says a place outside the city: %(latitude)s, %(longitude)s. Is that right? It is kept as it was said, "
            "and nothing is measured from it."
        ),
        "clock": _("This phone's clock is wrong: it is %(now)s. Set it right; what you enter is marked until then."),
        "twice": _("This photo is here already."),
        "video": _("%(name)s is a video. Take a photo instead; everything else is kept."),
        "empty": _("%(name)s is empty. Take or choose it again; everything else is kept."),
        "tooLarge": _("%(name)s has more than 20 MB. Make the picture smaller; everything else is kept."),
        "unread": _("%(name)s could not be read. Choose it again; everything else is kept."),
        "notAPhoto": _("%(name)s is not a photo (JPEG, PNG, WebP, HEIC). Choose another; everything else is kept."),
        "size": _("%(kb)s kB"),
        "reduced": _("made smaller on this phone"),
        "has_position": _("with position"),
        "placed": _("Position taken, as this phone states it: to about %(metres)s m."),
        "remove": _("Remove"),
        "turn": pgettext("a photo", "Turn"),
        "not_sure": _("I am not sure"),
        "known": _("Open there already: %(count)s"),
        # The queue.
        "waits": _("waits"),
        "photos_wait": _("words sent, photos wait"),
        "sending": _("is being sent: %(percent)s of 100"),
        "sent": _("sent"),
        "refused": _("refused"),
        "photos": _("photos: %(count)s"),
        "photos_there": _("photos there: %(kept)s of %(count)s"),
        "unsent": _("not sent yet: %(count)s"),
        "all_sent": _("everything is sent"),
        "late": _(
            "Something has been waiting since %(at)s. Browsers may drop what lies for a week: find a line, or save an emergency file."
        ),
        "damaged": _("A photo on this phone is damaged. Edit the entry and take the photo again."),
        "edit": _("Edit"),
        "again": _("Send again"),
        "as_new": _("Send as a new one"),
        "without_photos": _("Leave these photos out"),
        "discard": _("Discard"),
        "sure": _("Discard this entry and its photos on this phone? What was not sent is gone then."),
        # Visits.
        "in_order": pgettext("seen on a visit", "In order"),
        "finding": pgettext("seen on a visit", "Finding"),
        "not_applicable": pgettext("seen on a visit", "Not applicable"),
        "arrived": _("Arrived %(at)s by this phone's clock."),
        "last_photos": _("Last photos there: %(count)s"),
        "due": _("until %(day)s"),
        "findings_entered": _("findings entered: %(count)s"),
        "finding_of_visit": _("Finding of the visit: %(item)s"),
        "items_missing": _("Not answered yet: %(count)s items."),
        "findings_missing": _("Not entered yet: %(items)s. Enter each finding, or answer it anew."),
        "findings_first": _("The findings of this visit go first. Where one is refused, mend it; then the visit goes."),
        "name_missing": _("Write the name of whoever signs."),
        "not_signed": _("Let the village's head sign in the field, or tick that it was read and agreed to by name."),
        "reason_missing": _("Say why it was not signed."),
        "visit_words": _("%(kind)s: items looked at %(items)s, findings %(findings)s"),
        "asks": _("Others went on with this case: read both and decide"),
        # What travels along.
        "area": _("Villages: %(villages)s, open cases: %(cases)s, as of %(at)s"),
        "no_area": _("No villages are on this phone yet: take them along while there is a line."),
    }
