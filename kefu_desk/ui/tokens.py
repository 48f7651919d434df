"""The design's colour tables (product 3.10, design 2), as data."""

from kefu_desk.presenters.tone import Tone

LIGHT = {
    "bg": "#FFFFFF", "surface": "#F5F6F7", "text": "#1F2329", "text-2": "#5A6270", "border": "#818893",
    "accent": "#0B6E4F", "accent-text": "#FFFFFF", "accent-hover": "#095C42", "accent-tint": "#DDEFE6",
    "bubble-in": "#F0F2F5", "bubble-out": "#D6F2E3", "bubble-peer": "#E7EDF6",
    "amber": "#8A5A00", "amber-tint": "#FFF4D6", "red": "#B3261E", "red-tint": "#FDE7E5",
    "link": "#0B57D0", "hairline": "#E4E7EA", "hover": "#EBEDF0", "selected": "#DDEFE6",
    "control": "#EAECEF", "control-hover": "#E0E3E7", "mark": "#FFE49A", "off": "#D5D9DE", "grid": "#EEF0F2",
    "sim": "#D4620A",
}  # fmt: skip
DARK = {
    "bg": "#1B1D21", "surface": "#24272C", "text": "#E8EAED", "text-2": "#B0B6BF", "border": "#7C838D",
    "accent": "#4CC38A", "accent-text": "#10211A", "accent-hover": "#63CF9B", "accent-tint": "#1E3B2D",
    "bubble-in": "#2C3036", "bubble-out": "#1E4634", "bubble-peer": "#27364A",
    "amber": "#F2B84B", "amber-tint": "#3A2F14", "red": "#FF8A80", "red-tint": "#45211E",
    "link": "#8AB4F8", "hairline": "#33373E", "hover": "#2D3138", "selected": "#21402F",
    "control": "#33373E", "control-hover": "#3D424A", "mark": "#6B5210", "off": "#454A53", "grid": "#2A2E34",
    "sim": "#FF9A3C",
}  # fmt: skip
TONE_TEXT = {
    Tone.PLAIN: "text", Tone.MUTED: "text-2", Tone.GOOD: "accent", Tone.SOON: "amber", Tone.LATE: "red",
    Tone.LINK: "link",
}  # fmt: skip
TONE_TINT = {
    Tone.PLAIN: "control", Tone.MUTED: "control", Tone.GOOD: "accent-tint", Tone.SOON: "amber-tint",
    Tone.LATE: "red-tint", Tone.LINK: "control",
}  # fmt: skip
AVATARS_LIGHT = (
    ("#E1ECF8", "#2A5B93"), ("#DDF0EE", "#1D6A66"), ("#ECE6F7", "#5E4694"), ("#F8E4EA", "#95395A"),
    ("#F6EBD8", "#7E5A17"), ("#E6E9ED", "#4A5463"), ("#E1F0E2", "#356B39"), ("#F7E6DF", "#8F4A2C"),
)  # fmt: skip
AVATARS_DARK = (
    ("#22384F", "#9CC4EE"), ("#1E3F3D", "#86CFC8"), ("#372E4E", "#C3B0EC"), ("#4A2A37", "#F0A5BC"),
    ("#43361D", "#E3C07D"), ("#343A43", "#B9C2CE"), ("#27402A", "#97CE9B"), ("#472F24", "#EBB096"),
)  # fmt: skip
FAMILIES = (
    "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "Noto Color Emoji",
)  # fmt: skip
