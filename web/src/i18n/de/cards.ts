/**
 * What the cards of the shipped models say, by what they say in English (models/*.json): a card
 * that is changed is English until it is translated anew, and models of people's own stay as they
 * are written.
 */
export const cards: Readonly<Record<string, string>> = {
  'How likely a face is a real one and not a picture of a picture, 128 px.':
    'Wie wahrscheinlich ein Gesicht echt ist und kein Bild von einem Bild, 128 px.',
  'Finding faces on screens and prints among faces of people; runs on a face crop.':
    'Findet Gesichter auf Bildschirmen und Drucken unter echten; läuft auf einem Gesichtsausschnitt.',
  'Faces with six points each, by the back-camera model, 256 px.':
    'Gesichter mit je sechs Punkten, vom Modell für die Rückkamera, 256 px.',
  'Faces farther away, such as photos of groups.':
    'Gesichter in größerer Entfernung, etwa auf Gruppenfotos.',
  'Faces with six points each, by the front-camera model, 128 px.':
    'Gesichter mit je sechs Punkten, vom Modell für die Frontkamera, 128 px.',
  'Near faces, such as selfies, where speed counts.':
    'Nahe Gesichter wie auf Selfies, wo es schnell gehen muss.',
  'Faces of any size in photos; the first step before face mesh, iris and face attributes.':
    'Gesichter jeder Größe in Fotos; der erste Schritt vor Gesichtsnetz, Iris und Merkmalen.',
  "BlazePose's detector finds people whose head and hips show and which way up they are; its landmark model gives each 33 points, hands and feet included.":
    'Der Detektor von BlazePose findet Personen, deren Kopf und Hüfte zu sehen sind, und ihre Lage; sein Punktmodell gibt jeder 33 Punkte, Hände und Füße eingeschlossen.',
  'Skeletons with hands, feet and faces of a few people who are large in the image.':
    'Skelette mit Händen, Füßen und Gesicht von wenigen Personen, die groß im Bild sind.',
  'Boxes of the 80 COCO classes by their centres, MobileNetV3, 512 px.':
    'Boxen der 80 COCO-Klassen über ihre Mittelpunkte, MobileNetV3, 512 px.',
  'Boxes of everyday objects at little cost, as a second opinion beside YOLOX.':
    'Boxen von Alltagsgegenständen mit wenig Aufwand, als zweite Meinung neben YOLOX.',
  'Boxes of the COCO classes, SSD on MobileNetV2, 300 px.':
    'Boxen der COCO-Klassen, SSD auf MobileNetV2, 300 px.',
  'Boxes of everyday objects that are large in the picture.':
    'Boxen von Alltagsgegenständen, die groß im Bild sind.',
  'One of seven emotions of one face, from grey levels, 64 px.':
    'Eine von sieben Gefühlsregungen eines Gesichts, aus Graustufen, 64 px.',
  'A first guess at expressions; runs on a face crop.':
    'Eine erste Vermutung zum Gesichtsausdruck; läuft auf einem Gesichtsausschnitt.',
  'BlazeFace finds faces, the face mesh lays 468 points on each.':
    'BlazeFace findet Gesichter, das Gesichtsnetz legt auf jedes 468 Punkte.',
  'Dense points on every face of an image.': 'Dichte Punkte auf jedem Gesicht eines Bildes.',
  '468 points in three dimensions on one face, 192 px.':
    '468 Punkte in drei Dimensionen auf einem Gesicht, 192 px.',
  'The shape of a face in a crop around it; runs after a face detector.':
    'Die Form eines Gesichts in seinem Ausschnitt; läuft nach einem Gesichtsdetektor.',
  'Age, gender and an embedding of 1,024 numbers of one face, 224 px.':
    'Alter, Geschlecht und eine Einbettung aus 1.024 Zahlen von einem Gesicht, 224 px.',
  'Age and gender of faces as attributes, and finding the same person again; runs on a face crop.':
    'Alter und Geschlecht von Gesichtern als Attribute, und Wiederfinden derselben Person; läuft auf einem Gesichtsausschnitt.',
  'BlazeFace finds faces; each is turned upright and looked at for age, gender, a 1024-number embedding and its emotion.':
    'BlazeFace findet Gesichter; jedes wird aufgerichtet und auf Alter, Geschlecht, eine Einbettung aus 1.024 Zahlen und die Gefühlsregung hin betrachtet.',
  'Boxes around faces with age, gender and emotion; search for the same person.':
    'Boxen um Gesichter mit Alter, Geschlecht und Gefühlsregung; Suche nach derselben Person.',
  '21 points in three dimensions on one hand, and which hand it is, 224 px.':
    '21 Punkte in drei Dimensionen auf einer Hand, und welche Hand es ist, 224 px.',
  'The fingers of a hand in a crop around it; runs after a hand detector.':
    'Die Finger einer Hand in ihrem Ausschnitt; läuft nach einem Handdetektor.',
  "MediaPipe's palm detector finds hands and which way they point; each is turned upright and its landmark model gives 21 joints and tells left from right.":
    'Der Handflächendetektor von MediaPipe findet Hände und ihre Richtung; jede wird aufgerichtet, und das Punktmodell gibt 21 Gelenke und unterscheidet links von rechts.',
  'Skeletons of every hand in an image.': 'Skelette jeder Hand in einem Bild.',
  'Hands by their pose (open, fist, pinch, point, ...) and faces, 320 px.':
    'Hände nach ihrer Haltung (offen, Faust, Zwicken, Zeigen, ...) und Gesichter, 320 px.',
  'Boxes of hands, which hand landmarks need as their start.':
    'Boxen von Händen, mit denen die Punkte einer Hand beginnen.',
  "71 points of an eye's contour and 5 of its iris, 64 px.":
    '71 Punkte der Kontur eines Auges und 5 seiner Iris, 64 px.',
  'Where an eye looks and how large its iris is; runs on a crop of one eye.':
    'Wohin ein Auge blickt und wie groß seine Iris ist; läuft auf dem Ausschnitt eines Auges.',
  'BlazeFace finds faces, the mesh finds their eyes, and the iris model looks at each: the outline of the lids and the iris as an ellipse.':
    'BlazeFace findet Gesichter, das Netz ihre Augen, und das Irismodell betrachtet jedes: den Umriss der Lider und die Iris als Ellipse.',
  'Where people look, and how wide their eyes are open.':
    'Wohin Personen blicken, und wie weit ihre Augen offen sind.',
  'A mask of what stands out in a picture, 1024 px, 16-bit weights.':
    'Eine Maske dessen, was in einem Bild hervorsticht, 1024 px, Gewichte mit 16 Bit.',
  'The same as the small one with finer edges.': 'Wie das kleine, mit feineren Rändern.',
  'A mask of what stands out in a picture, 1024 px, 8-bit weights.':
    'Eine Maske dessen, was in einem Bild hervorsticht, 1024 px, Gewichte mit 8 Bit.',
  'Cutting one object or person out of its background without a click.':
    'Stellt einen Gegenstand oder eine Person ohne einen Klick frei.',
  'How likely a face is a live one, 32 px.':
    'Wie wahrscheinlich ein Gesicht ein lebendes ist, 32 px.',
  'A quick second opinion beside anti-spoofing; runs on a face crop.':
    'Eine schnelle zweite Meinung neben der Fälschungserkennung; läuft auf einem Gesichtsausschnitt.',
  '21 keypoints of one hand with depth, and which hand it is; the more accurate of the two.':
    '21 Punkte einer Hand mit Tiefe, und welche Hand es ist; das genauere der beiden.',
  '21 keypoints of one hand with depth, and which hand it is; the quicker of the two.':
    '21 Punkte einer Hand mit Tiefe, und welche Hand es ist; das schnellere der beiden.',
  'Finds palms and how they are turned, as the first step of hand keypoints.':
    'Findet Handflächen und ihre Drehung, als erster Schritt zu den Punkten einer Hand.',
  'Finds where people stand and how they are turned, as the first step of a pose.':
    'Findet, wo Personen stehen und wie sie gedreht sind, als erster Schritt zu einer Pose.',
  '33 body keypoints of one person with depth and visibility; a middle way of speed and accuracy.':
    '33 Körperpunkte einer Person mit Tiefe und Sichtbarkeit; ein Mittelweg aus Tempo und Genauigkeit.',
  '33 body keypoints of one person with depth and visibility; the most accurate of the three.':
    '33 Körperpunkte einer Person mit Tiefe und Sichtbarkeit; das genaueste der drei.',
  '33 body keypoints of one person with depth and visibility; the quickest of the three.':
    '33 Körperpunkte einer Person mit Tiefe und Sichtbarkeit; das schnellste der drei.',
  'Straight line segments, 320 px.': 'Gerade Strecken, 320 px.',
  'Edges of buildings, floors and furniture, more of them than the tiny one.':
    'Kanten von Gebäuden, Böden und Möbeln, mehr davon als das winzige.',
  'Straight line segments, 512 px.': 'Gerade Strecken, 512 px.',
  'Edges of buildings, floors and furniture, more of them than the tiny one, with finer detail.':
    'Kanten von Gebäuden, Böden und Möbeln, mehr davon als das winzige, mit feineren Einzelheiten.',
  'Edges of buildings, floors and furniture, quickly.':
    'Kanten von Gebäuden, Böden und Möbeln, schnell.',
  'Edges of buildings, floors and furniture, quickly, with finer detail.':
    'Kanten von Gebäuden, Böden und Möbeln, schnell und mit feineren Einzelheiten.',
  '1,280 numbers that describe a picture: the pooled last layer of a MobileNetV2, 224 px.':
    '1.280 Zahlen, die ein Bild beschreiben: die zusammengefasste letzte Schicht eines MobileNetV2, 224 px.',
  'Finding similar and nearly equal pictures where no CLIP is installed.':
    'Findet ähnliche und fast gleiche Bilder, wo kein CLIP installiert ist.',
  'Masks from clicks and boxes: a TinyViT encoder with the decoder of Segment Anything.':
    'Masken aus Klicks und Boxen: ein TinyViT-Encoder mit dem Decoder von Segment Anything.',
  'Exact masks from a click or a box, for any kind of object.':
    'Genaue Masken aus einem Klick oder einer Box, für jede Art von Gegenstand.',
  'The 17 COCO body keypoints of one person, 192 px.':
    'Die 17 Körperpunkte von COCO für eine Person, 192 px.',
  'One person who fills much of the picture; crop to the person first when there are more.':
    'Eine Person, die viel vom Bild füllt; bei mehreren wird erst auf jede zugeschnitten.',
  'Sorts pictures into drawing, hentai, neutral, porn and sexy, 299 px.':
    'Ordnet Bilder in Zeichnung, Hentai, neutral, Porno und freizügig, 299 px.',
  'The same as the small one when time does not matter.':
    'Wie das kleine, wenn Zeit keine Rolle spielt.',
  'Sorts pictures into drawing, hentai, neutral, porn and sexy, 224 px, 1.4 times as wide.':
    'Ordnet Bilder in Zeichnung, Hentai, neutral, Porno und freizügig, 224 px, 1,4-mal so breit.',
  'The same as the small one, right more often.': 'Wie das kleine, aber öfter richtig.',
  'Sorts pictures into drawing, hentai, neutral, porn and sexy, 224 px.':
    'Ordnet Bilder in Zeichnung, Hentai, neutral, Porno und freizügig, 224 px.',
  'Finding pictures that need care before people label them.':
    'Findet Bilder, die Vorsicht brauchen, bevor Menschen sie annotieren.',
  'The eight corners and the centre of the 3D box around one of cameras, seen in a crop of it.':
    'Die acht Ecken und der Mittelpunkt der 3D-Box um eine Kamera, in ihrem Ausschnitt gesehen.',
  'The eight corners and the centre of the 3D box around one of chairs, seen in a crop of it.':
    'Die acht Ecken und der Mittelpunkt der 3D-Box um einen Stuhl, in seinem Ausschnitt gesehen.',
  'The eight corners and the centre of the 3D box around one of cups, seen in a crop of it.':
    'Die acht Ecken und der Mittelpunkt der 3D-Box um eine Tasse, in ihrem Ausschnitt gesehen.',
  'The eight corners and the centre of the 3D box around one of shoes, seen in a crop of it.':
    'Die acht Ecken und der Mittelpunkt der 3D-Box um einen Schuh, in seinem Ausschnitt gesehen.',
  'Boxes of 23 everyday things (chairs, shoes, cups, cameras, ...), as the first step of 3D boxes.':
    'Boxen von 23 Alltagsgegenständen (Stühle, Schuhe, Tassen, Kameras, ...), als erster Schritt zu 3D-Boxen.',
  'YOLOX-Nano finds objects, MobileNetV2 describes each by 1,280 numbers.':
    'YOLOX-Nano findet Objekte, MobileNetV2 beschreibt jedes durch 1.280 Zahlen.',
  'Finding the same thing again in other images.':
    'Findet denselben Gegenstand in anderen Bildern wieder.',
  "Objectron's detector finds things; for shoes, chairs, cups and cameras the second stage gives the corners of the box around them as they appear in the image.":
    'Der Detektor von Objectron findet Gegenstände; für Schuhe, Stühle, Tassen und Kameras gibt die zweite Stufe die Ecken der Box um sie, wie sie im Bild erscheinen.',
  'Boxes in space around everyday things, and plain boxes around others.':
    'Boxen im Raum um Alltagsgegenstände, und einfache Boxen um andere.',
  'YOLOX-Nano finds the objects, MobileSAM outlines each of them.':
    'YOLOX-Nano findet die Objekte, MobileSAM umreißt jedes.',
  'Polygons around everyday things (the 80 classes of COCO) without a click.':
    'Polygone um Alltagsgegenstände (die 80 Klassen von COCO) ohne einen Klick.',
  'YOLOX-Nano finds people, MoveNet gives each the 17 keypoints of COCO.':
    'YOLOX-Nano findet Personen, MoveNet gibt jeder die 17 Punkte von COCO.',
  'Skeletons of everyone in an image.': 'Skelette aller Personen in einem Bild.',
  'Whether a line of text stands on its head.': 'Ob eine Textzeile auf dem Kopf steht.',
  'Turning lines upright before they are read.': 'Richtet Zeilen auf, bevor sie gelesen werden.',
  'Where text stands, as quadrangles, in any direction.':
    'Wo Text steht, als Vierecke, in jeder Richtung.',
  'Lines of printed text in photos and scans, Chinese and Latin.':
    'Zeilen gedruckten Textes in Fotos und Scans, chinesisch und lateinisch.',
  'Reads one upright line of text: 6,623 characters, Chinese, Latin, digits and signs.':
    'Liest eine aufrechte Textzeile: 6.623 Zeichen, chinesisch, lateinisch, Ziffern und Satzzeichen.',
  'The text of a line that text detection has found.':
    'Der Text einer Zeile, die die Texterkennung gefunden hat.',
  'PP-OCR finds lines of text, turns those that stand on their heads, and reads them.':
    'PP-OCR findet Textzeilen, dreht um, was auf dem Kopf steht, und liest sie.',
  'The place and the words of printed text: labels, signs, pages.':
    'Ort und Wortlaut von gedrucktem Text: Etiketten, Schilder, Seiten.',
  'Cuts people near the camera out of wide pictures, such as video calls; the quickest there is.':
    'Stellt Personen nahe der Kamera in breiten Bildern frei, etwa in Videoanrufen; das schnellste.',
  'Cuts people near the camera out of their background in a few milliseconds.':
    'Stellt Personen nahe der Kamera in wenigen Millisekunden frei.',
  'Boxes of the 80 COCO classes, 640 px.': 'Boxen der 80 COCO-Klassen, 640 px.',
  'Boxes of everyday objects, the most complete of the COCO detectors here.':
    'Boxen von Alltagsgegenständen, der vollständigste der COCO-Detektoren hier.',
  'Boxes of the 80 COCO classes, without anchors, 416 px.':
    'Boxen der 80 COCO-Klassen, ohne Anker, 416 px.',
  'Boxes of everyday objects in photos, fast on any machine.':
    'Boxen von Alltagsgegenständen in Fotos, schnell auf jedem Rechner.',
};
