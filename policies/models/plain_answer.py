"""What people who are not health people say of an initiative: answers to six plain questions."""

from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .recorded import recorded
from .sourced import one_of


class PlainQuestion(models.TextChoices):
    """The six questions, in the order in which they are asked."""

    BUILDS = "builds", "Does it build or fix things?"
    PEOPLE = "people", "Does it change learning, work or health?"
    TOGETHER = "together", "Does it change how people in a place connect, feel safe, or run things themselves?"
    NATURE = "nature", "Does it change land, air, water or green space?"
    FIRST = "first", "Whom does it reach first?"
    WORSE = "worse", "Could anybody be worse off?"


@recorded(initiatives=["initiative_id"])
class PlainAnswer(models.Model):
    """One answer that was ticked. It proposes capitals and outcomes; it is no link and no check reads it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="plain_answers", db_index=False)
    question = models.CharField(max_length=10, choices=PlainQuestion)
    option = models.SlugField(max_length=20, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "question", "option"], name="plain_answer_once"),
            models.CheckConstraint(condition=~Q(option=""), name="plain_answer_filled"),
            one_of("plain_answer", "question", PlainQuestion),
        ]

    def __str__(self):
        return f"{self.initiative_id} {self.question}: {self.option}"
