/** A pointer as koffi gives it. */
export type Pointer = bigint;

/** The end of an asynchronous call: koffi's own error, or the function's result. */
export type Done = (error: unknown, result: number) => void;

type Call<Arguments extends unknown[], Result = number> = (...given: Arguments) => Result;
type AsyncCall<Arguments extends unknown[]> = { async: (...given: [...Arguments, Done]) => void };

/** The functions of libwim this project calls, named after those of wimlib.h. Every number returned is an error code. */
export type WimFunctions = {
  globalInit: Call<[flags: number]>;
  getVersion: Call<[]>;
  getErrorString: Call<[code: number], string | null>;
  setErrorFileByName: Call<[path: string]>;
  createNewWim: Call<[compression: number, wim: [Pointer | null]]>;
  openWim: AsyncCall<[path: string, flags: number, wim: [Pointer | null]]>;
  free: Call<[wim: Pointer], void>;
  registerProgressFunction: Call<[wim: Pointer, progress: Pointer, context: null], void>;
  referenceResourceFiles: AsyncCall<
    [wim: Pointer, paths: string[], count: number, refFlags: number, openFlags: number]
  >;
  getWimInfo: Call<[wim: Pointer, info: Uint8Array]>;
  setWimInfo: Call<[wim: Pointer, info: Uint8Array, which: number]>;
  getImageProperty: Call<[wim: Pointer, image: number, name: string], string | null>;
  setImageProperty: Call<[wim: Pointer, image: number, name: string, value: string]>;
  iterateDirTree: AsyncCall<[wim: Pointer, image: number, path: string, flags: number, visit: Pointer, context: null]>;
  addImage: AsyncCall<[wim: Pointer, source: string, name: string, config: null, flags: number]>;
  addTree: AsyncCall<[wim: Pointer, image: number, source: string, target: string, flags: number]>;
  deletePath: AsyncCall<[wim: Pointer, image: number, path: string, flags: number]>;
  renamePath: AsyncCall<[wim: Pointer, image: number, from: string, to: string]>;
  exportImage: AsyncCall<
    [source: Pointer, image: number, to: Pointer, name: string | null, description: null, flags: number]
  >;
  extractImage: AsyncCall<[wim: Pointer, image: number, target: string, flags: number]>;
  extractPaths: AsyncCall<[wim: Pointer, image: number, target: string, paths: string[], count: number, flags: number]>;
  setOutputCompressionType: Call<[wim: Pointer, compression: number]>;
  write: AsyncCall<[wim: Pointer, path: string, image: number, flags: number, threads: number]>;
  overwrite: AsyncCall<[wim: Pointer, flags: number, threads: number]>;
  split: AsyncCall<[wim: Pointer, first: string, partBytes: number, flags: number]>;
  verifyWim: AsyncCall<[wim: Pointer, flags: number]>;
};

/** The C types of the two callbacks, for `koffi.proto`. */
export const CALLBACKS = {
  progress: 'int mediasmith_wim_progress(int message, void *info, void *context)',
  visit: 'int mediasmith_wim_visit(void *entry, void *context)',
} as const;

/** Binds the functions. `text` is koffi's name for `wimlib_tchar`: UTF-16 on Windows, UTF-8 elsewhere. */
export function declareFunctions(bind: (prototype: string) => unknown, text: 'str' | 'str16'): WimFunctions {
  const prototypes: Record<keyof WimFunctions, string> = {
    globalInit: 'int wimlib_global_init(int flags)',
    getVersion: 'uint32_t wimlib_get_version()',
    getErrorString: `${text} wimlib_get_error_string(int code)`,
    setErrorFileByName: `int wimlib_set_error_file_by_name(${text} path)`,
    createNewWim: 'int wimlib_create_new_wim(int compression, _Out_ void **wim)',
    openWim: `int wimlib_open_wim(${text} path, int flags, _Out_ void **wim)`,
    free: 'void wimlib_free(void *wim)',
    registerProgressFunction: 'void wimlib_register_progress_function(void *wim, void *progress, void *context)',
    referenceResourceFiles: `int wimlib_reference_resource_files(void *wim, ${text} *paths, uint32_t count, int ref_flags, int open_flags)`,
    getWimInfo: 'int wimlib_get_wim_info(void *wim, _Out_ uint8_t *info)',
    setWimInfo: 'int wimlib_set_wim_info(void *wim, uint8_t *info, int which)',
    getImageProperty: `${text} wimlib_get_image_property(void *wim, int image, ${text} name)`,
    setImageProperty: `int wimlib_set_image_property(void *wim, int image, ${text} name, ${text} value)`,
    iterateDirTree: `int wimlib_iterate_dir_tree(void *wim, int image, ${text} path, int flags, void *visit, void *context)`,
    addImage: `int wimlib_add_image(void *wim, ${text} source, ${text} name, ${text} config, int flags)`,
    addTree: `int wimlib_add_tree(void *wim, int image, ${text} source, ${text} target, int flags)`,
    deletePath: `int wimlib_delete_path(void *wim, int image, ${text} path, int flags)`,
    renamePath: `int wimlib_rename_path(void *wim, int image, ${text} from, ${text} to)`,
    exportImage: `int wimlib_export_image(void *source, int image, void *to, ${text} name, ${text} description, int flags)`,
    extractImage: `int wimlib_extract_image(void *wim, int image, ${text} target, int flags)`,
    extractPaths: `int wimlib_extract_paths(void *wim, int image, ${text} target, ${text} *paths, size_t count, int flags)`,
    setOutputCompressionType: 'int wimlib_set_output_compression_type(void *wim, int compression)',
    write: `int wimlib_write(void *wim, ${text} path, int image, int flags, uint32_t threads)`,
    overwrite: 'int wimlib_overwrite(void *wim, int flags, uint32_t threads)',
    split: `int wimlib_split(void *wim, ${text} first, uint64_t part_bytes, int flags)`,
    verifyWim: 'int wimlib_verify_wim(void *wim, int flags)',
  };
  const bound = Object.entries(prototypes).map(([name, prototype]) => [name, bind(prototype)]);
  return Object.fromEntries(bound) as WimFunctions;
}
