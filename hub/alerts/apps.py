from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "hub.alerts"

    def ready(self) -> None:
        """Other rooms learn what stands here: a part of their pages, sentences of the trail, what is kept of people.
        Who signs up, or gives a number, is heard; and who answers « 1 » to an alert."""
        from hub.alerts import confirming, desk_part, heard, records, samples, sections  # models are there now
        from hub.alerts.exchange import Subscriptions
        from hub.alerts.kept_words import ACTS as KEPT
        from hub.alerts.trail_words import ACTS
        from hub.conversations.moderation_words import learn as say
        from hub.deliveries.incoming import learn as answered
        from hub.deliveries.previews import learn as preview
        from hub.notifications.sections import learn as show
        from hub.people.desk.parts import learn as add
        from hub.people.exchange import more
        from hub.people.records import learn as keep

        heard.listen()
        answered(confirming.hear_sms, first=True)
        show(sections.sections)
        preview(samples.build)
        add(desk_part.part)
        more.learn(Subscriptions())
        say(ACTS)
        say(KEPT)
        keep("alertes", records.collect, records.forget)
