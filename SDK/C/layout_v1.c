typedef int tenon_layout_placeholder;
