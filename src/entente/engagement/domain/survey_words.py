"""The words around the questions on the page where people answer, in its four languages."""

from __future__ import annotations

_EN = {
    "next": "Next",
    "back": "Back",
    "home": "Back to the first page",
    "anonymous": "Anonymous: your answers are stored without your name, without the time, and apart"
    " from the record that this link was used. Results are told only of {least} people or more.",
    "named": "With your name: {name} sees who gave which answer.",
    "safety": "What you write about an unwanted effect of a medicine is read by medical staff, who"
    " may have to report it. Please leave out whatever would identify a patient.",
    "question_of": "Question {n} of {all}",
    "needed": "needed",
    "optional": "you may leave it out",
    "low": "not at all",
    "high": "very",
    "word": "In a word or two, why?",
    "send": "Send my answers",
    "thanks": "Thank you",
    "thanks_more": "Your answers have been received. You can close this page.",
    "closed": "This survey is closed",
    "closed_more": "It takes no more answers. Thank you for your interest.",
    "soon": "This survey is not open yet",
    "soon_more": "It takes answers from {day} on.",
    "already": "You have answered already",
    "already_more": "This link was used, and an answer cannot be given twice. Thank you.",
    "unknown": "There is nothing at this address",
    "unknown_more": "A part of it may have been lost on the way. Look at the message it came from.",
    "busy": "Too many answers came today",
    "busy_more": "Please try again tomorrow.",
    "wrong": "Please look at the marked questions.",
    "nothing": "Answer at least one question.",
    "error_needed": "Please answer this question.",
    "error_not_offered": "Choose one of the answers.",
    "error_too_long": "This is too long.",
    "language": "Language",
}
_DE = {
    "next": "Weiter",
    "back": "Zurück",
    "home": "Zur Startseite",
    "anonymous": "Anonym: Ihre Antworten werden ohne Ihren Namen, ohne Zeitpunkt und getrennt davon"
    " gespeichert, dass dieser Link benutzt wurde. Ergebnisse werden erst ab {least} Personen"
    " mitgeteilt.",
    "named": "Mit Ihrem Namen: {name} sieht, wer was geantwortet hat.",
    "safety": "Was Sie über eine unerwünschte Wirkung eines Arzneimittels schreiben, liest"
    " medizinisches Personal, das es womöglich melden muss. Bitte lassen Sie weg, woran ein Patient"
    " zu erkennen wäre.",
    "question_of": "Frage {n} von {all}",
    "needed": "notwendig",
    "optional": "freiwillig",
    "low": "gar nicht",
    "high": "sehr",
    "word": "Warum, in ein, zwei Worten?",
    "send": "Antworten senden",
    "thanks": "Vielen Dank",
    "thanks_more": "Ihre Antworten sind angekommen. Sie können diese Seite schließen.",
    "closed": "Diese Umfrage ist beendet",
    "closed_more": "Sie nimmt keine Antworten mehr an. Danke für Ihr Interesse.",
    "soon": "Diese Umfrage hat noch nicht begonnen",
    "soon_more": "Sie nimmt Antworten ab {day} an.",
    "already": "Sie haben schon geantwortet",
    "already_more": "Dieser Link wurde benutzt, und zweimal antworten geht nicht. Vielen Dank.",
    "unknown": "Unter dieser Adresse ist nichts",
    "unknown_more": "Vielleicht ging unterwegs ein Teil verloren. Sehen Sie in der Nachricht nach.",
    "busy": "Heute kamen zu viele Antworten",
    "busy_more": "Bitte versuchen Sie es morgen noch einmal.",
    "wrong": "Bitte sehen Sie sich die markierten Fragen an.",
    "nothing": "Beantworten Sie mindestens eine Frage.",
    "error_needed": "Bitte beantworten Sie diese Frage.",
    "error_not_offered": "Wählen Sie eine der Antworten.",
    "error_too_long": "Das ist zu lang.",
    "language": "Sprache",
}
_FR = {
    "next": "Suivant",
    "back": "Retour",
    "home": "Retour à l’accueil",
    "anonymous": "Anonyme : vos réponses sont conservées sans votre nom, sans l’heure, et à part de"
    " la mention que ce lien a servi. Les résultats ne sont communiqués qu’à partir de {least}"
    " personnes.",
    "named": "Avec votre nom : {name} voit qui a répondu quoi.",
    "safety": "Ce que vous écrivez sur un effet indésirable d’un médicament est lu par le personnel"
    " médical, qui doit peut-être le déclarer. Merci d’omettre ce qui ferait reconnaître un"
    " patient.",
    "question_of": "Question {n} sur {all}",
    "needed": "nécessaire",
    "optional": "facultatif",
    "low": "pas du tout",
    "high": "tout à fait",
    "word": "Pourquoi, en un ou deux mots ?",
    "send": "Envoyer mes réponses",
    "thanks": "Merci",
    "thanks_more": "Vos réponses ont été reçues. Vous pouvez fermer cette page.",
    "closed": "Ce questionnaire est clos",
    "closed_more": "Il n’accepte plus de réponses. Merci de votre intérêt.",
    "soon": "Ce questionnaire n’est pas encore ouvert",
    "soon_more": "Il accepte les réponses à partir du {day}.",
    "already": "Vous avez déjà répondu",
    "already_more": "Ce lien a servi, et l’on ne peut répondre deux fois. Merci.",
    "unknown": "Il n’y a rien à cette adresse",
    "unknown_more": "Une partie s’est peut-être perdue. Reprenez le message d’où elle vient.",
    "busy": "Trop de réponses sont arrivées aujourd’hui",
    "busy_more": "Merci de réessayer demain.",
    "wrong": "Merci de revoir les questions signalées.",
    "nothing": "Répondez au moins à une question.",
    "error_needed": "Merci de répondre à cette question.",
    "error_not_offered": "Choisissez une des réponses.",
    "error_too_long": "C’est trop long.",
    "language": "Langue",
}
_ES = {
    "next": "Siguiente",
    "back": "Atrás",
    "home": "Volver al inicio",
    "anonymous": "Anónima: sus respuestas se guardan sin su nombre, sin la hora y aparte de la"
    " constancia de que este enlace se usó. Los resultados se comunican solo desde {least}"
    " personas.",
    "named": "Con su nombre: {name} ve quién respondió qué.",
    "safety": "Lo que escriba sobre un efecto no deseado de un medicamento lo lee personal médico,"
    " que quizá deba notificarlo. Por favor, omita lo que permita reconocer a un paciente.",
    "question_of": "Pregunta {n} de {all}",
    "needed": "necesaria",
    "optional": "puede omitirla",
    "low": "nada",
    "high": "mucho",
    "word": "¿Por qué, en una o dos palabras?",
    "send": "Enviar mis respuestas",
    "thanks": "Gracias",
    "thanks_more": "Hemos recibido sus respuestas. Puede cerrar esta página.",
    "closed": "Esta encuesta está cerrada",
    "closed_more": "Ya no acepta respuestas. Gracias por su interés.",
    "soon": "Esta encuesta aún no está abierta",
    "soon_more": "Acepta respuestas desde el {day}.",
    "already": "Ya ha respondido",
    "already_more": "Este enlace ya se usó y no se puede responder dos veces. Gracias.",
    "unknown": "No hay nada en esta dirección",
    "unknown_more": "Quizá se perdió una parte. Mire el mensaje del que procede.",
    "busy": "Hoy llegaron demasiadas respuestas",
    "busy_more": "Por favor, inténtelo mañana.",
    "wrong": "Por favor, revise las preguntas señaladas.",
    "nothing": "Responda al menos una pregunta.",
    "error_needed": "Por favor, responda esta pregunta.",
    "error_not_offered": "Elija una de las respuestas.",
    "error_too_long": "Es demasiado largo.",
    "language": "Idioma",
}
WORDS = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}


def words_in(language: str) -> dict[str, str]:
    """Give the words in a language, in English where it is none of ours.

    Examples
    --------
    >>> words_in("de")["thanks"], words_in("xx")["thanks"]
    ('Vielen Dank', 'Thank you')
    """
    return WORDS.get(language, _EN)
