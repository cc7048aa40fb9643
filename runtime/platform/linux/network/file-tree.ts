/** One file or folder of the tree, under the number the kernel calls it by. */
export type TreeNode = { node: bigint; bytes: number } & (
  | { kind: 'file'; path: string }
  | { kind: 'folder'; children: Map<string, TreeNode> }
);

export type FolderNode = Extract<TreeNode, { kind: 'folder' }>;

/** FUSE's number of the folder that is mounted. */
const ROOT_NODE = 1n;

/** Files under their paths as a tree of folders. */
export class FileTree {
  readonly root: FolderNode = { kind: 'folder', node: ROOT_NODE, bytes: 0, children: new Map() };
  readonly #nodes = new Map<bigint, TreeNode>([[ROOT_NODE, this.root]]);
  #bytes = 0;

  /** `path` is relative, with `/` between names. A path that is there already keeps what it has. */
  add(path: string, bytes: number): void {
    const names = path.split('/');
    const last = names.pop() ?? '';
    let folder = this.root;
    for (const name of names) {
      const child = folder.children.get(name) ?? this.#register({ kind: 'folder', bytes: 0, children: new Map() });
      if (child.kind === 'file') return;
      folder.children.set(name, child);
      folder = child;
    }
    if (folder.children.has(last)) return;
    folder.children.set(last, this.#register({ kind: 'file', path, bytes }));
    this.#bytes += bytes;
  }

  get(node: bigint): TreeNode | undefined {
    return this.#nodes.get(node);
  }

  size(): { bytes: number; nodes: number } {
    return { bytes: this.#bytes, nodes: this.#nodes.size };
  }

  #register<Kind extends Unnumbered>(unnumbered: Kind): Kind & { node: bigint } {
    const numbered = { ...unnumbered, node: BigInt(this.#nodes.size + 1) };
    this.#nodes.set(numbered.node, numbered);
    return numbered;
  }
}

type Unnumbered =
  | { kind: 'file'; path: string; bytes: number }
  | { kind: 'folder'; bytes: number; children: Map<string, TreeNode> };
