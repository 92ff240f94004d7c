"""Files: images and attachments, stored by hash, served to those who may read an item that shows them."""
