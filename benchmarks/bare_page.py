"""The page that `bench_page` compares ours with: as many widgets and charts, and nothing behind.

``streamlit run bare_page.py``; the link says how many of each there are.
"""

import plotly.graph_objects as go
import streamlit as st


def count(name: str) -> int:
    return int(st.query_params.get(name, "0"))


st.set_page_config(page_title="Bare", layout="wide")
with st.sidebar:
    for number in range(count("selects")):
        st.selectbox(f"Choice {number}", ["one", "two", "three"])
    for number in range(count("choices")):
        st.segmented_control(f"Switch {number}", ["this", "that"], default="this")
    price = st.number_input("Price", value=3.99)
    others = [st.number_input(f"Number {n}", value=float(n)) for n in range(1, count("numbers"))]
st.title("Bare")
for column, number in zip(st.columns(5), range(5), strict=True):
    column.metric(f"Value {number}", f"{price * (number + 1) + sum(others):,.2f}")
months = list(range(25))
for number in range(count("charts")):
    totals = [price * month - 20.0 for month in months]
    figure = go.Figure()
    for line in range(count("lines")):
        figure.add_scatter(x=months, y=[total + line for total in totals], mode="lines")
    st.plotly_chart(figure, key=f"chart {number}")
for number in range(count("buttons")):
    st.button(f"Button {number}")
for number in range(count("tables")):
    st.data_editor([{"from": 0, "size": 8}, {"from": 4, "size": 16}], key=f"table {number}")
st.table([{f"column {place}": price * place for place in range(11)} for _ in range(2)])
