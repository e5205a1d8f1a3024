from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "hub.tickets"

    def ready(self) -> None:
        """The trail's page learns to say what is done here; what is kept about a person is known, and forgotten; who
        signs in takes along no anonymous ticket; what is answered by SMS is heard."""
        from django.contrib.auth.signals import user_logged_in

        from hub.conversations.moderation_words import learn  # models can’t be imported before
        from hub.deliveries.incoming import learn as answered
        from hub.deliveries.previews import learn as show
        from hub.people import records as of_people
        from hub.people.desk.entries import learn as enter
        from hub.tickets import answering_by_sms, kept_sms, proof, records, samples
        from hub.tickets.actions.erasing import forget_person
        from hub.tickets.trail_words import ACTS
        from hub.tickets.treatment_words import ACTS as TREATMENT

        user_logged_in.connect(proof.forget_anonymous, dispatch_uid="tickets.proof")
        answered(answering_by_sms.hear)
        enter(kept_sms.entry)
        learn(ACTS)
        learn(TREATMENT)
        show(samples.build)
        of_people.learn("demandes", records.collect, forget_person)
