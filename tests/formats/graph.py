"""graph.py FILE: networkx loads FILE, with as many nodes and edges."""
import json
import sys

import networkx

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
graph = networkx.node_link_graph(document)
assert graph.is_directed() and graph.is_multigraph()
assert graph.number_of_nodes() == len(document["nodes"]) > 0
assert graph.number_of_edges() == len(document["links"]) > 0
for link in document["links"]:
    assert graph.has_edge(link["source"], link["target"], link["key"])
