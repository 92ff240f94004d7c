"""Finding: asks the index, reads every hit again through `visible_to`, and serves pages and suggestions alike."""
