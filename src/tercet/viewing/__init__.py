"""The report: one HTML file that shows what systems wrote, what it is worth, and where they differ.

``page`` puts together what is known of the runs as a whole, ``casetable`` a row a case, ``details`` the articles
with their texts, ``history`` what lies in a folder of results. All of it is JSON, packed by ``packing`` and put by
``html`` beside a viewer, whose sources are in ``src/viewer`` and whose data's shapes are in its ``model.ts``.
"""
